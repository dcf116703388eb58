// What is left: every object of every kind whose name, label or annotation is of bootwarden.
import type { KubeObject } from "../lab/api.ts";
import type { InstallStage } from "./install-stage.ts";

/** `kind/name` of each. Events go by themselves within hours, as docs/uninstall.md says. */
export async function leftOfOurs({ shell }: Pick<InstallStage, "shell">): Promise<string[]> {
  const kinds = await shell.run("oc api-resources --verbs=list -o name | grep -v '^events'");
  const listed = kinds.trim().split("\n").join(",");
  const text = await shell.run(`oc get -A --ignore-not-found -o json ${listed}`);
  const { items }: { items: KubeObject[] } = JSON.parse(text);
  if (items.length < 50) throw new TypeError("a cluster has more objects");
  return items.flatMap(({ kind, metadata: { name, namespace, labels, annotations } }) =>
    [name, namespace ?? "", ...Object.keys({ ...labels, ...annotations })].some((one) => one.includes("bootwarden"))
      ? [`${kind}/${name}`]
      : [],
  );
}
