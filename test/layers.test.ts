// The layer rules, seen to refuse: Biome lints a tree of files that each hold one import, as biome.json stands.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

interface Layer {
  /** The folder of the file that imports. */
  folder: string;
  refused: string[];
  accepted: string[];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const kubernetes = ["@kubernetes/client-node", "@kubernetes/client-node/dist/watch.js"];
const large = [...kubernetes, "soap", "soap/lib/client.js", "undici", "undici/lib/api/index.js"];

const layers: Layer[] = [
  {
    folder: "common",
    refused: ["../agent/watch.ts", "../controller/failures.ts", "../cli/main.ts", "../test/run.ts", ...large],
    accepted: ["./failure.ts", "./kube/request.ts", "node:http", "zod", "pino", "prom-client"],
  },
  {
    folder: "common/kube",
    refused: ["../../agent/watch.ts", "../../controller/decide/plan.ts", "../../cli/main.ts", ...large],
    accepted: ["../failure.ts", "./request.ts", "node:https", "zod"],
  },
  {
    folder: "agent",
    refused: [
      "../controller/failures.ts",
      "../controller/decide/verdict.ts",
      "../cli/main.ts",
      "../test/run.ts",
      ...large,
    ],
    accepted: ["../common/log.ts", "../common/kube/request.ts", "./host/run.ts", "node:fs", "execa", "zod"],
  },
  {
    folder: "agent/host",
    refused: ["../../controller/decide/verdict.ts", "../../cli/main.ts", "../../test/run.ts", ...large],
    accepted: ["../../common/report.ts", "../metrics.ts", "./run.ts", "execa"],
  },
  ...["controller", "controller/cluster", "controller/apply"].map((folder) => {
    const up = folder.replace(/[^/]+/g, "..");
    return {
      folder,
      refused: [`${up}/agent/metrics.ts`, `${up}/cli/main.ts`, `${up}/test/run.ts`],
      accepted: [`${up}/common/log.ts`, `${up}/common/kube/request.ts`, "./x.ts", "node:util", ...kubernetes],
    };
  }),
  {
    folder: "controller/apply",
    refused: [],
    accepted: ["../ova/download.ts", "../vsphere/lease.ts", "../decide/names.ts"],
  },
  ...["ova", "vsphere"].map((folder) => ({
    folder: `controller/${folder}`,
    refused: [
      ...(folder === "ova" ? ["../vsphere/session.ts", "./../vsphere/session.ts"] : ["../ova/archive.ts"]),
      ...["../step.ts", "../main.ts", "../decide/names.ts", "../apply/names.ts", "../cluster/kube.ts", "../new/x.ts"],
      ...["../../common/kube/request.ts", "../../agent/watch.ts", "../../cli/main.ts", "../../test/run.ts"],
      ...kubernetes,
    ],
    accepted: ["../../common/failure.ts", "../../common/log.ts", "./x.ts", "node:https", "undici", "soap", "zod"],
  })),
  {
    folder: "controller/decide",
    refused: [
      ...["node:fs", "fs", "node:crypto", "yaml", "undici", "pino", "execa", "lodash", "tar-stream", ...kubernetes],
      ...["../failures.ts", "../metrics.ts", "../cluster/kube.ts", "../apply/names.ts", "../ova/archive.ts"],
      ...["../vsphere/session.ts", "../new/x.ts", "../../common/log.ts", "../../common/failure.ts"],
      ...["../../common/deadline.ts", "../../common/kube/request.ts", "../../agent/report-text.ts"],
      ...["../../cli/main.ts", "../../test/run.ts"],
    ],
    accepted: ["./verdict.ts", ...["annotations", "reasons", "report"].map((name) => `../../common/${name}.ts`)],
  },
  {
    folder: "cli",
    refused: [
      ...[
        "../agent/watch.ts",
        "../controller/main.ts",
        "../controller/cluster/kube.ts",
        "../controller/apply/names.ts",
      ],
      ...[
        "../controller/ova/archive.ts",
        "../controller/vsphere/session.ts",
        "../controller/new/x.ts",
        "../test/run.ts",
      ],
    ],
    accepted: ["../common/log.ts", "../common/kube/request.ts", "../controller/decide/verdict.ts", "./x.ts", "zod"],
  },
];

const forms: Record<string, (specifier: string) => string> = {
  "a value": (specifier) => `import { a } from "${specifier}";\nconsole.log(a);\n`,
  "a type": (specifier) => `import type { A } from "${specifier}";\nexport type B = A;\n`,
  "a namespace": (specifier) => `import * as all from "${specifier}";\nconsole.log(all);\n`,
  effects: (specifier) => `import "${specifier}";\n`,
  "a re-export": (specifier) => `export { a } from "${specifier}";\n`,
  "a re-export of all": (specifier) => `export * from "${specifier}";\n`,
  "a dynamic import": (specifier) => `console.log(await import("${specifier}"));\n`,
};

const cases = layers.flatMap(({ folder, refused, accepted }, layer) =>
  [...refused, ...accepted].map((specifier, number) => ({
    folder,
    specifier,
    refuse: number < refused.length,
    files: Object.entries(forms).map(([form, source], at) => {
      return { form, path: `${folder}/case-${layer}-${number}-${at}.ts`, text: source(specifier) };
    }),
  })),
);

const Report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});
const layerRules = ["lint/style/noRestrictedImports", "lint/correctness/noNodejsModules"];

let directory = "";
const refusals = new Set<string>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-layers-"));
  await copyFile(join(root, "biome.json"), join(directory, "biome.json"));
  for (const { path, text } of cases.flatMap(({ files }) => files)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const options = ["--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none"];
  const { stdout } = await execa("biome", ["lint", ...options, "."], {
    cwd: directory,
    preferLocal: true,
    localDir: root,
    reject: false,
  });
  for (const { category, location } of Report.parse(JSON.parse(stdout)).diagnostics)
    if (layerRules.includes(category)) refusals.add(location.path);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function refusedForms({ files }: (typeof cases)[number]): string[] {
  return files.flatMap(({ form, path }) => (refusals.has(path) ? [form] : []));
}

test.each(cases.filter(({ refuse }) => refuse))("$folder may not import $specifier, in no form", (one) => {
  expect(refusedForms(one)).toEqual(Object.keys(forms));
});

test.each(cases.filter(({ refuse }) => !refuse))("$folder may import $specifier, in every form", (one) => {
  expect(refusedForms(one)).toEqual([]);
});
