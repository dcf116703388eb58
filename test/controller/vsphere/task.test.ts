import { describe, expect, test } from "vitest";
import { runTask } from "../../../controller/vsphere/task.ts";
import { type Line, scriptedSession } from "./scripted-vcenter.ts";

const on = { type: "VirtualMachine", value: "vm-1" };
const started = { content: '<returnval type="Task">task-1</returnval>' };

function state(name: string): Line {
  const property = (path: string, value: string) => `<propSet><name>info.${path}</name><val>${value}</val></propSet>`;
  const properties = property("state", name);
  return { content: `<returnval><objects><obj type="Task">task-1</obj>${properties}</objects></returnval>` };
}

/** A vCenter whose task is seen in these states, in the last one until it is cancelled. */
function taskIn(...states: readonly Line[]) {
  return scriptedSession((method, calls) => {
    if (method === "CloneVM_Task") return started;
    if (method === "CancelTask") return { content: "" };
    const since = calls.slice(calls.indexOf("CancelTask")).filter((call) => call === "RetrievePropertiesEx").length;
    if (calls.includes("CancelTask")) return state(since < 3 ? "running" : "error");
    const reads = calls.filter((call) => call === "RetrievePropertiesEx").length;
    return states[Math.min(reads, states.length) - 1] ?? "silence";
  });
}

describe("a task that ends by itself is not cancelled", () => {
  test("well", async () => {
    const { session, calls } = await taskIn(state("running"), state("success"));
    await runTask(session, ["CloneVM_Task", { on }], { what: "Cloning" });
    expect(calls).not.toContain("CancelTask");
  });

  test("in an error", async () => {
    const { session, calls } = await taskIn(state("running"), state("error"));
    const running = runTask(session, ["CloneVM_Task", { on }], { what: "Cloning" });
    await expect(running).rejects.toMatchObject({ reason: "VCenterFault" });
    expect(calls).not.toContain("CancelTask");
  });
});

/** Cancelled, and then looked at until it has ended: as the script has it, at the third look. */
const ending = ["CancelTask", "RetrievePropertiesEx", "RetrievePropertiesEx", "RetrievePropertiesEx"];

describe("a task that is left is cancelled, and its end awaited", () => {
  test("at the deadline", async () => {
    const { session, calls } = await taskIn(state("running"));
    const running = runTask(session, ["CloneVM_Task", { on }], { what: "Cloning", milliseconds: 100 });
    await expect(running).rejects.toMatchObject({ reason: "TimedOut" });
    expect(calls.slice(-4)).toEqual(ending);
  });

  test("when the caller stops", async () => {
    const { session, calls } = await taskIn(state("running"));
    const stop = new AbortController();
    const own = session.under(stop.signal);
    const running = runTask(own, ["CloneVM_Task", { on }], { what: "Cloning", onProgress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ reason: "Interrupted" });
    expect(calls.slice(-4)).toEqual(ending);
  });

  test("when its state can be read no more, and the failure that led there is told", async () => {
    const { session, calls } = await taskIn(state("running"), { status: 503 });
    const running = runTask(session, ["CloneVM_Task", { on }], { what: "Cloning" });
    await expect(running).rejects.toMatchObject({ reason: "VCenterUnreachable" });
    expect(calls.slice(-4)).toEqual(ending);
  });
});
