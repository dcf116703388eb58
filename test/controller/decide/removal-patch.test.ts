// The removal patch: all that is ours, whoever wrote it, and nothing else.
import { expect, test } from "vitest";
import {
  agentAnnotations,
  keyPrefixes,
  machineSetAnnotations,
  nodeAnnotations,
  nodeLabels,
} from "../../../common/annotations.ts";
import { removalPatch } from "../../../controller/decide/removal-patch.ts";

const values = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, "x"]));
const nulls = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));

test("every key of the contract goes", () => {
  const labels = Object.values(nodeLabels);
  const annotations = [agentAnnotations, nodeAnnotations, machineSetAnnotations].flatMap((keys) => Object.values(keys));
  expect([...labels, ...annotations].filter((key) => !keyPrefixes.some((prefix) => key.startsWith(prefix)))).toEqual(
    [],
  );
  expect(removalPatch({ labels: values(labels), annotations: values(annotations) })).toEqual({
    metadata: { labels: nulls(labels), annotations: nulls(annotations) },
  });
});

test("what others wrote stays, also where it looks like ours", () => {
  const others = values(["kubernetes.io/os", "lab.bootwarden.io/play", "mybootwarden.io/x", "bootwarden.io"]);
  expect(removalPatch({ labels: others, annotations: others })).toBeNull();
  expect(removalPatch({ labels: { ...others, [nodeLabels.verdict]: "Verified" }, annotations: others })).toEqual({
    metadata: { labels: { [nodeLabels.verdict]: null } },
  });
});
