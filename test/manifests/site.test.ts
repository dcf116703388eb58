// The site's own directory, as docs/manifests.md and docs/install.md have it: what it says reaches all that is ever applied.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { blocksOf } from "../markdown-pages.ts";
import { textOf } from "../source-text.ts";
import { type Manifest, manifestsDirectory, manifestsOf } from "./built.ts";

const image = "registry.example.com/tools/bootwarden:0.1.0";
const uninstall = "- ../manifests/components/uninstall\n";

/** The example of docs/manifests.md. */
const [example = ""] = blocksOf(textOf("docs/manifests.md"), "yaml").filter((block) => /^kind: Kust/m.test(block));
/** What docs/install.md has one write, first and at the end. */
const [installed = "", ended = ""] = blocksOf(textOf("docs/install.md"), "sh").flatMap((block) =>
  [...block.matchAll(/^cat >>?site\/kustomization.yaml <<'EOF'\n(.*?)^EOF$/gms)].map(([, text = ""]) => text),
);

async function built(kustomization: string): Promise<Manifest[]> {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-site-"));
  try {
    await cp(manifestsDirectory, join(directory, "manifests"), { recursive: true });
    await mkdir(join(directory, "site"));
    await writeFile(join(directory, "site/kustomization.yaml"), kustomization);
    return await manifestsOf(join(directory, "site"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

const Workload = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }) }),
});

function imagesOf(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((object) => {
    const images = Workload.safeParse(object).data?.spec.template.spec.containers ?? [];
    return images.map((container) => `${object.kind} ${container.image}`);
  });
}

const running = [`DaemonSet ${image}`, `Deployment ${image}`];
const ending = [...running, `Job ${image}`];

describe("its image is that of", () => {
  test.each<[string, string, string[]]>([
    ["what docs/manifests.md shows", example, running],
    ["the same, when it ends", example.replace(/(?<=^components:\n(?:- .*\n)*)(?=images:)/m, uninstall), ending],
    ["what docs/install.md installs", installed, running],
    ["the same, when it ends", `${installed}${ended}`, ending],
    ["the overlay manage in place of observe", installed.replace("observe", "manage"), running],
    ["the overlay uninstall in place of observe", installed.replace("observe", "uninstall"), ending],
  ])("%s", async (_, kustomization, images) => {
    expect(imagesOf(await built(kustomization)).sort()).toEqual(images);
  });
});

test("its setting is the controller's", async () => {
  const controller = (await built(example)).find(({ kind }) => kind === "Deployment");
  expect(JSON.stringify(controller)).toContain('{"name":"TLS_MIN_VERSION","value":"TLSv1.3"}');
});

describe("the links of its alerts", () => {
  const Rules = z.object({
    spec: z.object({
      groups: z.array(
        z.object({
          rules: z.array(z.object({ alert: z.string(), annotations: z.object({ runbook_url: z.url() }) })),
        }),
      ),
    }),
  });

  test("lead to its copy of the runbooks", async () => {
    const found = (await built(example)).filter(({ kind }) => kind === "PrometheusRule");
    const rules = Rules.parse(found[0]).spec.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(15);
    expect(rules.map(({ annotations }) => annotations.runbook_url)).toEqual(
      rules.map(({ alert }) => `https://git.example.com/tools/bootwarden/blob/v0.1.0/docs/runbooks/${alert}.md`),
    );
  });

  test("need no object in the cluster", async () => {
    expect((await built(example)).filter(({ metadata }) => metadata.name === "site")).toEqual([]);
  });
});
