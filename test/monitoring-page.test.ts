// docs/monitoring.md and docs/manifests.md: the alerts and the parts of the manifests, those that there are and no others.
import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { manifestsDirectory } from "./manifests/built.ts";
import { composedManifests } from "./manifests/composed.ts";
import { firstColumn, tablesOf } from "./markdown-tables.ts";
import { alertRules } from "./monitoring/alert-rules.ts";
import { textOf } from "./source-text.ts";

test("the table of alerts has each alert with its severity, its time and its summary", async () => {
  const { rules } = await alertRules();
  expect(tablesOf("docs/monitoring.md").get("Alerts")).toEqual(
    rules.map((rule) => [
      `[${rule.alert}](runbooks/${rule.alert}.md)`,
      rule.labels.severity,
      rule.for,
      rule.annotations.summary,
    ]),
  );
});

test("the table of manifests has each kustomization", () => {
  const found = globSync("**/kustomization.yaml", { cwd: manifestsDirectory }).map((file) =>
    file.replace(/\/[^/]*$/, ""),
  );
  expect(firstColumn("docs/manifests.md", "Manifests").sort()).toEqual(found.sort());
});

test("the Secret and the ConfigMap that an admin makes for user workloads are those that the component names", async () => {
  const text = JSON.stringify(await composedManifests("monitoring-user-workload"));
  const made = [...textOf("docs/monitoring.md").matchAll(/^oc -n bootwarden create (?:configmap|secret tls) (\S+)/gm)];
  expect(made).toHaveLength(2);
  expect(made.filter(([, name]) => !text.includes(`"name":"${name}"`))).toEqual([]);
});

test("the privileges of the CredentialsRequest are those of the role", () => {
  const request = parse(textOf("manifests/components/credentials/credentials-request.yaml"));
  const [{ privileges }] = request.spec.providerSpec.permissions;
  expect(privileges).toEqual([...new Set(firstColumn("docs/vcenter-role.md", "The role of the vCenter account"))]);
});
