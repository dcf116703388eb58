// The CRD: it knows all that the controller writes into the status, for what it does not know is dropped.
import { expect, test } from "vitest";
import { z } from "zod";
import { conditionTypes } from "../../controller/decide/conditions.ts";
import { type PolicyStatusInput, policyStatus } from "../../controller/decide/policy-status.ts";
import { imageOf } from "../controller/decide/boot-images.ts";
import { input, machineSet } from "../controller/decide/policy-status-input.ts";
import { builtManifests } from "./built.ts";

interface Schema {
  type: string;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
}
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
  }),
);
const Crd = z.object({
  spec: z.object({
    scope: z.literal("Cluster"),
    versions: z.tuple([
      z.object({
        additionalPrinterColumns: z.array(z.object({ name: z.string(), jsonPath: z.string() })),
        schema: z.object({ openAPIV3Schema: z.object({ properties: z.object({ status: Schema }) }) }),
      }),
    ]),
  }),
});

const found = (await builtManifests()).find(({ kind }) => kind === "CustomResourceDefinition");
const { additionalPrinterColumns: columns, schema } = Crd.parse(found).spec.versions[0];
const { status } = schema.openAPIV3Schema.properties;

const at = "2026-11-20T10:00:00Z";
const place = {
  ...{ key: "k", label: "l", server: "vc", datacenter: "/dc", datastore: "ds", folder: "/dc/vm/f" },
  ...{ resourcePool: "p", network: "n" },
};

const step = { place, image: imageOf("9.8.1"), name: "n", path: "/dc/vm/f/n" };

/** The paths at which the value is not what the schema says. */
function strangers(value: unknown, expected: Schema | undefined, path: string): string[] {
  if (expected === undefined) return [path];
  if (expected.enum !== undefined && !expected.enum.includes(value)) return [`${path}: ${value}`];
  if (Array.isArray(value)) return value.flatMap((item, at) => strangers(item, expected.items, `${path}.${at}`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, part]) =>
      strangers(part, expected.properties?.[key], `${path}.${key}`),
    );
  const type = typeof value === "number" ? "integer" : typeof value;
  return type === expected.type ? [] : [`${path}: ${type}`];
}

test.each([
  ["at rest", {}],
  [
    "at an import",
    { making: [{ server: "vc", path: "/x", state: "Importing", bytesDone: 1, bytesTotal: 2, bytesPerSecond: 3 }] },
  ],
  [
    "at a clone",
    {
      making: [{ server: "vc", path: "/x", state: "Cloning", bytesDone: null, bytesTotal: null, bytesPerSecond: null }],
    },
  ],
  ["with an old template", { retained: [{ server: "vc", path: "/x", release: "9.6.1", inUseBy: ["Machine/a"] }] }],
  [
    "with moves, a contest and a halt",
    {
      contests: new Map([["a", { moved: { template: "t", at }, contested: { times: 1, manager: "m", last: at } }]]),
      rollout: {
        halted: {
          ...({ reason: "NotInTime", message: "m", machine: "x", machineSet: "a", template: "t" } as const),
          ...{ since: at, generation: 1, moved: [{ machineSet: "a", template: "t", previousTemplate: "o" }] },
        },
        releasedAt: at,
      },
      machineSets: [machineSet({ state: "Contested" }), machineSet({ name: "b", state: "Halted" })],
      controlPlane: { name: "cluster", template: "t", release: "9.6.1", message: "m" },
    },
  ],
  [
    "with a plan",
    {
      wanted: [
        { ...step, kind: "Import" },
        { ...step, kind: "Clone", from: { name: "f", path: "/f" } },
        { ...step, kind: "Move", machineSet: "a", was: "o" },
      ],
    },
  ],
  ["with two targets", { images: [imageOf("9.8.1"), imageOf("10.2.1")] }],
  ["with a template that was replaced", { replaced: [{ server: "vc", path: "/x", release: "9.6.1" }] }],
] as [string, Partial<PolicyStatusInput>][])("it knows every field and value of a status %s", (_, over) => {
  expect(strangers(policyStatus({ ...input, ...over }), status, "status")).toEqual([]);
});

test("its columns are the documented ones, and ask for conditions that there are", () => {
  expect(columns.map(({ name }) => name)).toEqual([
    ...["Mode", "Release", "MachineSets", "Nodes", "Progressing", "Degraded", "Age"],
  ]);
  const asked = columns.flatMap(({ jsonPath }) => /@\.type=="(\w+)"/.exec(jsonPath)?.[1] ?? []);
  expect(conditionTypes).toEqual(expect.arrayContaining(asked));
});

test.each(columns.map(({ jsonPath }) => jsonPath).filter((path) => path.startsWith(".status.") && !path.includes("[")))(
  "the column of %s finds a text",
  (path) => {
    const keys = path.split(".").slice(2);
    const value = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), policyStatus(input));
    expect(value).toEqual(expect.any(String));
  },
);
