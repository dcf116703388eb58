// The peer's scenarios of MachineSets: architecture, stream, place and template, and what is moved.
import { expect } from "vitest";
import { z } from "zod";
import { architectureOf } from "../../../../controller/decide/architecture.ts";
import { bootImages } from "../../../../controller/decide/boot-image.ts";
import { findings } from "../../../../controller/decide/conditions.ts";
import { controlPlane } from "../../../../controller/decide/control-plane.ts";
import { decided } from "../../../../controller/decide/decision.ts";
import type { MachineSetFacts, Workspace } from "../../../../controller/decide/machine-set.ts";
import { manager } from "../../../../controller/decide/manager.ts";
import { osStream, osStreamLabel } from "../../../../controller/decide/os-stream.ts";
import { placeOf, templatePath } from "../../../../controller/decide/place.ts";
import { plan } from "../../../../controller/decide/plan.ts";
import { mayMean } from "../../../../controller/decide/template-reference.ts";
import { ignitionVersion } from "../../../../controller/decide/user-data.ts";
import { fixture, machineSetFacts } from "../facts.ts";
import { a, domains, image, input, nameA, old, one, told } from "../plan-input.ts";
import { input as statusInput } from "../policy-status-input.ts";
import { context, east, inForce, managerOf } from "./cluster.ts";

const key = "capacity.cluster-autoscaler.kubernetes.io/labels";
const data = fixture("configmap-coreos-bootimages", z.object({ data: z.record(z.string(), z.string()) })).data;

function architecture(annotation: string | null, multiArch = false): string {
  const found = architectureOf(annotation === null ? {} : { [key]: annotation }, multiArch);
  return found.ok ? found.value : found.reason;
}

/** The MachineSet with the image that its stream asks for. */
function ofStream(stream: string | null, facts = east): MachineSetFacts {
  const labels = stream === null ? facts.labels : { ...facts.labels, [osStreamLabel]: stream };
  return { ...facts, labels, image: bootImages(data)({ stream: osStream(labels), architecture: "x86_64" }) };
}

const workspace = east.provider?.workspace ?? {};
function placeIn(over: Partial<Workspace>): string {
  const place = placeOf({ ...workspace, ...over }, "", domains);
  return place.ok ? place.value.key : place.reason;
}

/** What a pass does with the MachineSet whose template is old. */
function done(facts: MachineSetFacts, selection: Parameters<typeof context>[0] = {}): string[] {
  const machineSet = { ...one(facts), manager: manager(facts, context(selection)), target: facts.image };
  return plan(input({ machineSets: [machineSet] })).steps.map(told);
}

/** What becomes of the MachineSet whose template is old, with this text in its user-data Secret. */
function unmoved(text: string | undefined) {
  const machineSet = { ...one(a), manager: manager(a, context()), userData: ignitionVersion("worker-user-data", text) };
  const { machineSets, steps } = plan(input({ machineSets: [machineSet] }));
  const degraded = findings({ ...statusInput, machineSets, failures: [] }).find(
    ({ type }) => type === "BootImageUpdateDegraded",
  );
  return { reason: machineSets[0]?.reason, message: machineSets[0]?.message, steps, degraded: degraded?.status };
}

export const machineSetChecks: Record<string, () => void> = {
  U7: () => {
    for (const multi of [false, true]) expect(architecture("kubernetes.io/arch=amd64", multi)).toBe("x86_64");
  },
  U8: () => {
    expect(architecture("kubernetes.io/arch=arm64,a=b,c=d")).toBe("aarch64");
    expect(architecture("a=b, kubernetes.io/arch=s390x ,c=d")).toBe("s390x");
    expect(architecture("a=b,c=d, kubernetes.io/arch=ppc64le ")).toBe("ppc64le");
    for (const foreign of ["aarch64", "s390x", "ppc64le"] as const)
      expect(bootImages(data)({ stream: null, architecture: foreign })).toMatchObject({ reason: "NoVmwareImage" });
  },
  U9: () => {
    for (const odd of ["kubernetes.io/arch=mips", "a=b", ""]) expect(architecture(odd)).toBe("ArchitectureUnknown");
  },
  U10: () => {
    expect([architecture(null, false), architecture(null, true)]).toEqual(["x86_64", "ArchitectureUnknown"]);
    expect(managerOf({}, machineSetFacts("no-arch-annotation", true))).toBe("Nobody ArchitectureUnknown");
  },
  U11: () => {
    expect(managerOf({}, ofStream("rhel-10"))).toBe("Bootwarden Enrolled");
    expect(ofStream("rhel-10").image).toMatchObject({ ok: true, value: { stream: "rhel-10" } });
    expect(managerOf({}, ofStream("custom"))).toBe("Nobody OtherStream");
  },
  U12: () => {
    const images = [ofStream("rhel-9").image, ofStream(null).image].map((found) => found.ok && found.value.release);
    expect(images).toEqual([image.release, image.release]);
  },
  U13: () => {
    const templateNow = decided({ exists: true, release: old, path: null, ours: false });
    const told = controlPlane({ name: "cluster", template: "t", templateNow, target: image.release });
    expect(told.message).toMatch(/the target is 9\.6\.20261028-0\. bootwarden reports .* and never writes it\.$/);
  },
  U17: () => {
    const place = placeOf(workspace, "", []);
    expect(place).toMatchObject({ ok: true, value: { label: expect.stringMatching(/^[0-9a-f]{6}$/) } });
  },
  U18: () => {
    const folder = "/dc-east/vm/lab-7x2kq";
    const own = placeIn({ folder });
    for (const other of [`${folder}-b`, "/dc-east/vm", `${folder}/nested`])
      expect(placeIn({ folder: other })).not.toBe(own);
    expect(placeIn({ folder: "" })).toBe("NoWorkspace");
  },
  U19: () => {
    const place = placeOf({ ...workspace, folder: "/dc-east/vm/lab-7x2kq/" }, "", domains);
    expect(place.ok && templatePath(place.value, "rhcos")).toBe("/dc-east/vm/lab-7x2kq/rhcos");
    for (const template of ["rhcos", "/dc-east/vm/elsewhere/rhcos"])
      expect(mayMean({ template, by: "" }, "rhcos")).toBe(true);
  },
  E1: () => {
    const moved = [`Import ${nameA} to fd-east-a`, `Move ${a.name} from ${a.provider?.template} to ${nameA}`];
    expect(done(a, inForce({}, "4.20.14"))).toEqual(moved);
    expect(done(a, inForce({}, "4.22.1"))).toEqual([]);
    expect(nameA).not.toBe(a.provider?.template);
    expect(done(a, { policy: { mode: "Manage", selection: { mode: "None" } } })).toEqual([]);
    const all = { mode: "Partial", partial: { machineResourceSelector: {} } } as const;
    expect(done(a, { policy: { mode: "Manage", selection: all } })).toEqual(moved);
  },
  E2: () => {
    const selection = (matchLabels: Record<string, string>) => ({
      policy: {
        mode: "Manage",
        selection: { mode: "Partial", partial: { machineResourceSelector: { matchLabels } } },
      } as const,
    });
    expect(done(a)).toHaveLength(2);
    expect(done(a, selection(a.labels))).toHaveLength(2);
    expect(done(a, selection({ region: "nowhere" }))).toEqual([]);
  },
  E3: () => {
    const refused = architectureOf({ [key]: "kubernetes.io/arch=vax" }, false);
    const wrong = { ...a, image: refused.ok ? a.image : refused };
    const machineSet = { ...one(wrong), manager: manager(wrong, context()), target: wrong.image };
    const { machineSets, steps } = plan(input({ machineSets: [machineSet] }));
    expect(machineSets).toMatchObject([{ state: "Skipped", managedBy: "Nobody", reason: "ArchitectureUnknown" }]);
    expect(steps).toEqual([]);
    expect(done(a)).toHaveLength(2);
  },
  E4: () => {
    const texts = [undefined, "", "{", "[]", "{}", '{"ignition":{}}', '{"ignition":{"version":"x"}}'];
    const found = texts.map((text) => unmoved(text));
    expect(found.map(({ reason }) => reason)).toEqual([
      ...["UserDataMissing", "UserDataMissing"],
      ...Array.from({ length: 5 }, () => "UserDataInvalid"),
    ]);
    for (const { steps, degraded } of found) expect([steps, degraded]).toEqual([[], "True"]);
    expect(unmoved('{"ignition":{"version":"4.0.0"}}').steps).toHaveLength(2);
  },
  E5: () => {
    const { reason, message, steps, degraded } = unmoved('{"ignition":{"version":"2.2.0","config":{}}}');
    expect([reason, steps, degraded]).toEqual(["UserDataOld", [], "True"]);
    expect(message).toContain("docs/user-data.md");
    expect(unmoved('{"ignition":{"version":"3.2.0"}}').steps).toHaveLength(2);
  },
  E7: () => {
    expect(architecture("topology.kubernetes.io/zone=east,kubernetes.io/arch=amd64,node.kubernetes.io/x=y")).toBe(
      "x86_64",
    );
  },
};
