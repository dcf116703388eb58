import { describe, expect, test } from "vitest";
import { currentContext } from "../../../common/kube/kubeconfig.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const config = (cluster: object, user: object) => ({
  "current-context": "lab",
  contexts: [
    { name: "other", context: { cluster: "other", user: "other" } },
    { name: "lab", context: { cluster: "c", user: "u" } },
  ],
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443", ...cluster } }],
  users: [{ name: "u", user }],
});
const at = { directory: "/etc/kube" };

describe("currentContext", () => {
  test("a token file and a CA file, relative to the kubeconfig", () => {
    const parsed = config({ "certificate-authority": "ca.crt" }, { tokenFile: "/run/token", token: "stale" });
    expect(currentContext(parsed, at.directory)).toMatchObject({
      server: new URL("https://127.0.0.1:6443"),
      ca: { file: "/etc/kube/ca.crt" },
      token: { file: "/run/token" },
      certificate: null,
    });
  });

  test("data goes before files", () => {
    const cluster = { "certificate-authority": "ca.crt", "certificate-authority-data": base64("CA") };
    const user = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    expect(currentContext(config(cluster, user), at.directory)).toMatchObject({
      ca: { text: "CA" },
      token: null,
      certificate: { text: "CERT" },
      key: { text: "KEY" },
    });
  });

  test.each<[string, unknown, RegExp]>([
    ["an exec plugin", config({}, { exec: { command: "aws" } }), /exec plugins are not supported/],
    ["an auth provider", config({}, { "auth-provider": { name: "gcp" } }), /auth-provider/],
    ["a password", config({}, { username: "u", password: "secret" }), /^(?!.*secret).*password/],
    ["unverified TLS", config({ "insecure-skip-tls-verify": true }, { token: "t" }), /insecure-skip-tls-verify/],
    ["plain HTTP", config({ server: "http://127.0.0.1" }, { token: "t" }), /https/],
    ["a password in the address", config({ server: "https://u:secret@h" }, { token: "t" }), /^(?!.*secret).*user name/],
    ["a certificate without a key", config({}, { "client-certificate": "c" }), /together/],
    ["no proof at all", config({}, {}), /neither/],
    ["a missing context", { ...config({}, { token: "t" }), "current-context": "no" }, /"no"/],
    ["a missing user", { ...config({}, { token: "t" }), users: [] }, /user "u" is missing/],
    ["no kubeconfig", { kind: "Pod" }, /current-context/],
    ["nothing", null, /kubeconfig/],
    ["several mistakes", config({ server: "x", "proxy-url": "p" }, {}), /https.*proxy-url.*neither/],
  ])("%s is refused", (_, parsed, message) => {
    expect(() => currentContext(parsed, at.directory)).toThrow(
      expect.objectContaining({ reason: "ApiCredentialsInvalid", message: expect.stringMatching(message) }),
    );
  });
});
