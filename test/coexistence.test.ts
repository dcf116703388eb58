// docs/coexistence.md: who is in charge is what the code says, for each release and each opinion of MachineConfiguration.
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { machineSetAnnotations } from "../common/annotations.ts";
import { findings } from "../controller/decide/conditions.ts";
import { hasOpinion, type ManagedBootImages, managersInForce } from "../controller/decide/enrolment.ts";
import { manager } from "../controller/decide/manager.ts";
import { context, east, managing } from "./controller/decide/peer/cluster.ts";
import { input } from "./controller/decide/policy-status-input.ts";
import { blocksOf } from "./markdown-pages.ts";
import { tablesOf } from "./markdown-tables.ts";
import { textOf } from "./source-text.ts";

const versions: Record<string, (string | null)[]> = {
  "4.17 to 4.19": ["4.17.0", "4.18.32", "4.19.9"],
  "4.20": ["4.20.14"],
  "4.21": ["4.21.0", "4.21.9"],
  "4.22, 5.0": ["4.22.0", "4.22.3", "5.0.0-rc.1"],
  "cannot be read": [null, "main"],
};
/** What an admin says; where that is nothing, an operator that can manage vSphere boot images tells None, or All from 4.22 on. */
const opinions: Record<string, Partial<ManagedBootImages>[]> = {
  unset: [{}, { status: managing("None") }],
  enrolled: [{ spec: managing("All"), status: managing("All") }],
  not: [{ spec: managing("None"), status: managing("None") }],
};

const rows = (tablesOf("docs/coexistence.md").get("Who is in charge") ?? []).flatMap(
  ([release = "", gate = "", opinion = "", managedBy = "", takeover = ""]) =>
    (versions[release] ?? []).map((version) => ({ version, gate, opinion, managedBy, takeover })),
);

test("there are rows for every release", () => {
  expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(Object.values(versions).flat()));
});

test("every release that can be read has a row on handing over", () => {
  const handed = (tablesOf("docs/coexistence.md").get("Handing over, by release") ?? []).map(([release]) => release);
  expect(handed).toEqual(Object.keys(versions).filter((release) => release !== "cannot be read"));
});

test("Argo CD is told to ignore what bootwarden writes", () => {
  const Application = z.object({
    spec: z.object({ ignoreDifferences: z.array(z.object({ jsonPointers: z.array(z.string()) })) }),
  });
  const [yaml = ""] = blocksOf(textOf("docs/coexistence.md"), "yaml");
  const [template = "", annotation] = Application.parse(parse(yaml)).spec.ignoreDifferences[0]?.jsonPointers ?? [];
  expect(textOf("controller/cluster/machine-set-template.ts")).toContain(`"${template}"`);
  expect(annotation).toBe(`/metadata/annotations/${machineSetAnnotations.previousTemplate.replace("/", "~1")}`);
});

test.each(rows)("$version, gate $gate, $opinion: $managedBy", ({ version, gate, opinion, managedBy, takeover }) => {
  const said = Object.entries(opinions).find(([word]) => opinion.startsWith(word))?.[1] ?? [];
  expect(said).not.toEqual([]);
  for (const one of said) {
    const facts = {
      clusterVersion: version,
      featureSet: "",
      featureGates: { enabled: gate === "enabled" ? ["ManagedBootImagesvSphere"] : [], disabled: [] },
    };
    const machineManagers = managersInForce({ spec: undefined, status: undefined, ...one }, facts);
    expect(manager(east, context({ ...facts, machineManagers })).managedBy).toBe(managedBy);
    const managersSaid = hasOpinion({ spec: one.spec });
    const found = findings({ ...input, ...facts, managersSaid, failures: [] });
    expect(found.find(({ type }) => type === "TakeoverAhead")?.status).toBe(takeover);
  }
});
