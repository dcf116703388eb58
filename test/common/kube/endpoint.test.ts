import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findEndpoint } from "../../../common/kube/endpoint.ts";

let directory: string;
const nowhere = { kubeconfig: undefined, serviceHost: undefined, servicePort: undefined };
const yaml = `apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443/"}}]
users: [{name: u, user: {tokenFile: token}}]
`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-kube-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function kubeconfig(text: string) {
  const file = join(directory, "kubeconfig");
  await writeFile(file, text);
  return { ...nowhere, kubeconfig: file };
}

test("a YAML kubeconfig; its token file is read anew each time", async () => {
  await writeFile(join(directory, "token"), "first\n");
  const endpoint = await findEndpoint(await kubeconfig(yaml));
  expect(endpoint.server.host).toBe("127.0.0.1:6443");
  expect((await endpoint.credentials()).token).toBe("first");
  await writeFile(join(directory, "token"), "second\n");
  expect((await endpoint.credentials()).token).toBe("second");
});

test("a JSON kubeconfig", async () => {
  const user = { token: "t" };
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://h" } }],
    users: [{ name: "u", user }],
  };
  const endpoint = await findEndpoint(await kubeconfig(JSON.stringify(config)));
  expect(await endpoint.credentials()).toMatchObject({ token: "t", ca: undefined });
});

test.each([
  ["text", "no: kubeconfig: at all"],
  ["half a JSON", '{"current-context"'],
  [
    "an alias bomb",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from("bcdefgh", (c, i) => `${c}: &${c} [${`*${"abcdefg"[i]},`.repeat(9)}x]`).join("\n")}`,
  ],
  ["more than 1 MiB", " ".repeat(1024 * 1024 + 1)],
])("a kubeconfig that is %s is refused", async (_, text) => {
  await expect(findEndpoint(await kubeconfig(text))).rejects.toMatchObject({ reason: "ApiCredentialsInvalid" });
});

test.each([
  ["no API server is known", nowhere],
  ["the kubeconfig is missing", { ...nowhere, kubeconfig: "/no/such/kubeconfig" }],
  ["the pod's token is missing", { ...nowhere, serviceHost: "fd00::1", servicePort: "443" }],
])("%s", async (_, where) => {
  await expect(findEndpoint(where)).rejects.toMatchObject({ reason: "ApiCredentialsInvalid" });
});

test("a token file that is missing is found at once", async () => {
  await expect(findEndpoint(await kubeconfig(yaml))).rejects.toMatchObject({
    message: expect.stringContaining("token"),
  });
});
