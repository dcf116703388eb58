// The controller's kubeconfig: what cannot be used is named, with what to do.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiCredentialsError } from "../../../common/kube/kubeconfig.ts";
import { readKubeConfig } from "../../../controller/cluster/kube-config.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-kubeconfig-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function read(text: string): Promise<string | undefined> {
  const file = join(directory, "kubeconfig");
  await writeFile(file, text);
  return readKubeConfig(file).getCurrentCluster()?.server;
}

const usable = {
  "current-context": "c",
  contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
  clusters: [{ name: "k", cluster: { server: "https://api.example.com:6443" } }],
  users: [{ name: "u", user: { token: "t0p-s3cret" } }],
};

test("a usable one", async () => {
  expect(await read(JSON.stringify(usable))).toBe("https://api.example.com:6443");
});

test.each([
  ["empty", ""],
  ["no YAML", "users:\n- token: t0p-s3cret\n  a: [b\n"],
  ["text", "hello"],
  ["without a current context", JSON.stringify({ ...usable, "current-context": "" })],
  ["with a context that is not there", JSON.stringify({ ...usable, "current-context": "d" })],
  [
    "with a server that is no URL",
    JSON.stringify({ ...usable, clusters: [{ name: "k", cluster: { server: "api" } }] }),
  ],
])("one that is %s", async (_, text) => {
  const failed = read(text);
  await expect(failed).rejects.toThrow(ApiCredentialsError);
  await expect(failed).rejects.toMatchObject({ reason: "ApiCredentialsInvalid" });
  await expect(failed).rejects.toThrow(join(directory, "kubeconfig"));
  await expect(failed).rejects.not.toThrow("t0p-s3cret");
});

test("one that is missing", () => {
  expect(() => readKubeConfig(join(directory, "none"))).toThrow(ApiCredentialsError);
});

test("none, and no pod", () => {
  expect(() => readKubeConfig(undefined)).toThrow(ApiCredentialsError);
});
