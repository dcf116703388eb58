// The user's kubeconfig, as kubectl would take it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RequestContext } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logIn } from "../../../cli/kube/kubeconfig.ts";
import { ApiCredentialsError } from "../../../common/kube/kubeconfig.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-kubeconfig-"));
});
afterEach(() => rm(directory, { recursive: true }));

interface Content {
  name?: string;
  server?: string;
  user?: object | null;
  current?: string;
}

function content({ name = "prod", server, user, current = name }: Content = {}) {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: server ?? `https://${name}.example.com:6443` } }],
    users: [{ name, user: user ?? { token: `token-of-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": current,
  };
}

async function file(name: string, text: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof text === "string" ? text : JSON.stringify(text));
  return path;
}

const enter = (kubeconfigs: string[], context?: string) => logIn({ kubeconfigs, context, inPod: false });

/** What is sent to prove who one is. */
async function headersOf(kubeconfigs: string[], context?: string): Promise<Record<string, unknown>> {
  const { config, server, headers } = await enter(kubeconfigs, context);
  const request = new RequestContext(server, "GET" as never);
  await config.applySecurityAuthentication(request);
  return { ...request.getHeaders(), ...headers };
}

describe("$KUBECONFIG", () => {
  test("of one file is that file, in YAML or JSON", async () => {
    const yaml = `apiVersion: v1
kind: Config
current-context: prod
clusters: [{name: prod, cluster: {server: "https://prod.example.com:6443/"}}]
users: [{name: prod, user: {token: t}}]
contexts: [{name: prod, context: {cluster: prod, user: prod}}]
`;
    expect((await enter([await file("yaml", yaml)])).server).toBe("https://prod.example.com:6443");
    expect((await enter([await file("json", content())])).server).toBe("https://prod.example.com:6443");
  });

  test("of several is merged: the first that has a name, or a current context, counts; what is not there is passed over", async () => {
    const first = await file("a", content({ name: "prod", server: "https://first.example.com" }));
    const second = await file("b", {
      ...content({ name: "prod", server: "https://second.example.com" }),
      "current-context": "other",
    });
    const third = await file("c", content({ name: "test" }));
    const empty = await file("d", "");
    const list = [join(directory, "nowhere"), empty, first, second, third];
    expect((await enter(list)).server).toBe("https://first.example.com");
    expect((await enter(list, "test")).server).toBe("https://test.example.com:6443");
    expect(await headersOf(list, "test")).toMatchObject({ Authorization: "Bearer token-of-test" });
  });
});

describe("credentials", () => {
  test("a tokenFile is read, relative to its kubeconfig, and goes before a token", async () => {
    await file("token", "from-the-file\n");
    const path = await file("config", content({ user: { token: "stale", tokenFile: "token" } }));
    expect(await headersOf([path])).toMatchObject({ Authorization: "Bearer from-the-file" });
  });

  test("a plugin is run, as client-go runs it", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "from-the-plugin" },
    };
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "echo", args: [JSON.stringify(credential)] };
    expect(await headersOf([await file("config", content({ user: { exec } }))])).toMatchObject({
      Authorization: "Bearer from-the-plugin",
    });
  });

  test("who acts for somebody acts with that one's groups", async () => {
    const user = {
      token: "t",
      as: "jane",
      "as-groups": ["viewers", "night-shift"],
      "as-uid": "7",
      "as-user-extra": { "example.com/why": ["audit"] },
    };
    expect(await headersOf([await file("config", content({ user }))])).toMatchObject({
      "Impersonate-User": "jane",
      "impersonate-group": ["viewers", "night-shift"],
      "impersonate-uid": "7",
      "impersonate-extra-example.com%2Fwhy": ["audit"],
    });
  });
});

describe("is refused, and it is said why", () => {
  test.each<[string, unknown, RegExp]>([
    ["nothing there", undefined, /^There is no kubeconfig at .*config: log in \(oc login …\)/],
    ["no kubeconfig", "just: text", /has no current context: name one with --context \(it has none\)/],
    [
      "broken YAML with a token in it",
      "users:\n- user: {token: sha256~geheim\n  x: [",
      /^The kubeconfig .* cannot be read: /,
    ],
    ["users of another form", { ...content(), users: { prod: {} } }, /its users have another form/],
    [
      "a current context that is not there",
      content({ current: "prd" }),
      /The kubeconfig's current context prd is not in the kubeconfig \(prod\)\. Did you mean prod\?/,
    ],
    ["a context without a user", { ...content(), users: [] }, /has no user for its context prod/],
    ["a context without a server", { ...content(), clusters: [] }, /names no server for its context prod/],
  ])("%s", async (...[, text, message]) => {
    const path = text === undefined ? join(directory, "config") : await file("config", text);
    const failure = enter([path]);
    await expect(failure).rejects.toThrow(ApiCredentialsError);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/geheim/);
  });

  test("a context that was asked for and is not there, with those that are", async () => {
    const path = await file("config", content());
    await expect(enter([path], "pord")).rejects.toThrow(
      "The context pord is not in the kubeconfig (prod). Did you mean prod?",
    );
  });

  test("a file that cannot be read", async () => {
    await expect(enter([directory])).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });
});
