// The metrics of the controller: what is served, and that nothing of yesterday stays.
import { expect, test } from "vitest";
import type { Verdict } from "../../controller/decide/verdict.ts";
import { controllerMetrics, createMetrics } from "../../controller/metrics.ts";
import { linesOf, verdict } from "./served.ts";

test("every name is registered, and no other of ours", () => {
  const names = createMetrics("0")
    .registry.getMetricsAsArray()
    .map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("bootwarden_")).sort()).toEqual(Object.keys(controllerMetrics).sort());
});

test("two controllers in one process do not meet", () => {
  const [one, other] = [createMetrics("1"), createMetrics("2")];
  expect(one.registry).not.toBe(other.registry);
});

test("the version is served", async () => {
  expect(await linesOf(createMetrics("1.2.3"), "bootwarden_controller_build_info")).toEqual([
    'bootwarden_controller_build_info{version="1.2.3"} 1',
  ]);
});

test("Nodes by verdict, with zeros, without those that do not apply, and without those that are gone", async () => {
  const metrics = createMetrics("0");
  metrics.nodes(
    new Map([
      ["a", verdict({})],
      ["b", verdict({})],
      ["c", verdict({ verdict: "Mismatch", reason: "OSImageMismatch" })],
      ["windows", verdict({ verdict: null, reason: "NotApplicable" })],
    ]),
  );
  expect(await linesOf(metrics, "bootwarden_node_verdict")).toEqual([
    'bootwarden_node_verdict{node="a",verdict="Verified",reason="DigestMatch"} 1',
    'bootwarden_node_verdict{node="b",verdict="Verified",reason="DigestMatch"} 1',
    'bootwarden_node_verdict{node="c",verdict="Mismatch",reason="OSImageMismatch"} 1',
  ]);
  expect(await linesOf(metrics, "bootwarden_nodes")).toEqual([
    'bootwarden_nodes{verdict="Verified"} 2',
    'bootwarden_nodes{verdict="Updating"} 0',
    'bootwarden_nodes{verdict="Mismatch"} 1',
    'bootwarden_nodes{verdict="Unknown"} 0',
  ]);
  metrics.nodes(new Map([["c", verdict({})]]));
  expect(await linesOf(metrics, "bootwarden_node_verdict")).toEqual([
    'bootwarden_node_verdict{node="c",verdict="Verified",reason="DigestMatch"} 1',
  ]);
  expect(await linesOf(metrics, "bootwarden_nodes")).toContain('bootwarden_nodes{verdict="Verified"} 1');
});

test("a Node whose verdict changed has one series, and those of the others stay as they are", async () => {
  const metrics = createMetrics("0");
  const others = [...Array(3).keys()].map((index): [string, Verdict] => [`other-${index}`, verdict({})]);
  metrics.nodes(new Map([...others, ["a", verdict({})]]));
  const before = await linesOf(metrics, "bootwarden_node_verdict");
  metrics.nodes(new Map([["a", verdict({ reason: "ReferenceMatch" })], ...others]));
  const after = await linesOf(metrics, "bootwarden_node_verdict");
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after.slice(3)).toEqual(['bootwarden_node_verdict{node="a",verdict="Verified",reason="ReferenceMatch"} 1']);
});

test("evaluations, of all Nodes and of some", async () => {
  const metrics = createMetrics("0");
  for (const scope of ["All", "Some", "Some"] as const) metrics.startEvaluation(scope)();
  const counts = (await linesOf(metrics, "bootwarden_evaluation_seconds")).filter((line) => line.includes("_count"));
  expect(counts).toEqual([
    'bootwarden_evaluation_seconds_count{scope="All"} 1',
    'bootwarden_evaluation_seconds_count{scope="Some"} 2',
  ]);
});

test("vCenters that answer, that do not, that are not verified, and none that is gone", async () => {
  const metrics = createMetrics("0");
  metrics.vcenters([
    { server: "a", failure: null, unverified: false, sessions: 2 },
    { server: "b", failure: { reason: "LoginRefused" }, unverified: true, sessions: 0 },
  ]);
  expect(await linesOf(metrics, "bootwarden_vcenter_up")).toEqual([
    'bootwarden_vcenter_up{server="a"} 1',
    'bootwarden_vcenter_up{server="b"} 0',
  ]);
  expect(await linesOf(metrics, "bootwarden_tls_unverified")).toEqual([
    'bootwarden_tls_unverified{server="a"} 0',
    'bootwarden_tls_unverified{server="b"} 1',
  ]);
  expect(await linesOf(metrics, "bootwarden_vcenter_sessions")).toEqual([
    'bootwarden_vcenter_sessions{server="a"} 2',
    'bootwarden_vcenter_sessions{server="b"} 0',
  ]);
  metrics.vcenters([]);
  expect(await linesOf(metrics, "bootwarden_vcenter_sessions")).toEqual([]);
  expect(await linesOf(metrics, "bootwarden_vcenter_up")).toEqual([]);
  expect(await linesOf(metrics, "bootwarden_tls_unverified")).toEqual([]);
});

test("steps by result", async () => {
  const metrics = createMetrics("0");
  metrics.startStep("Import", "vc")("Success");
  metrics.startStep("Import", "vc")("LeaseFailed");
  const counts = (await linesOf(metrics, "bootwarden_step_seconds")).filter((line) => line.includes("_count"));
  expect(counts).toEqual([
    'bootwarden_step_seconds_count{step="Import",server="vc",result="Success"} 1',
    'bootwarden_step_seconds_count{step="Import",server="vc",result="LeaseFailed"} 1',
  ]);
});

test("progress, from when the size is known", async () => {
  const metrics = createMetrics("0");
  const progress = { stage: "Importing", percent: 50, bytesPerSecond: null } as const;
  metrics.progress("vc", { ...progress, bytesDone: 5, bytesTotal: null });
  expect(await linesOf(metrics, "bootwarden_import_uploaded_bytes")).toEqual([]);
  metrics.progress("vc", { ...progress, bytesDone: 7, bytesTotal: 10 });
  expect(await linesOf(metrics, "bootwarden_import_bytes_per_second")).toEqual([]);
  metrics.progress("vc", { ...progress, bytesDone: 7, bytesTotal: 10, bytesPerSecond: 3 });
  metrics.progress("vc-b", { ...progress, bytesDone: 1, bytesTotal: 10, bytesPerSecond: 0 });
  expect(await linesOf(metrics, "bootwarden_import_bytes_per_second")).toEqual([
    'bootwarden_import_bytes_per_second{server="vc"} 3',
    'bootwarden_import_bytes_per_second{server="vc-b"} 0',
  ]);
  expect(await linesOf(metrics, "bootwarden_import_uploaded_bytes")).toEqual([
    'bootwarden_import_uploaded_bytes{server="vc"} 7',
    'bootwarden_import_uploaded_bytes{server="vc-b"} 1',
  ]);
  expect(await linesOf(metrics, "bootwarden_import_size_bytes")).toEqual([
    'bootwarden_import_size_bytes{server="vc"} 10',
    'bootwarden_import_size_bytes{server="vc-b"} 10',
  ]);
});

test("notices by reason, each time", async () => {
  const metrics = createMetrics("0");
  for (const reason of ["NotKept", "NotKept", "ClonedByUpload"] as const) metrics.notice(reason);
  expect(await linesOf(metrics, "bootwarden_notices_total")).toEqual([
    'bootwarden_notices_total{reason="NotKept"} 2',
    'bootwarden_notices_total{reason="ClonedByUpload"} 1',
  ]);
});
