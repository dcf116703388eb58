import { expect, test } from "vitest";
import { readProxy } from "../../../controller/cluster/proxy-object.ts";

const none = { httpProxy: "", httpsProxy: "", noProxy: "" };

test.each([
  [
    "as the installer leaves it",
    { spec: { trustedCA: { name: "" } }, status: {} },
    { settings: none, trustsMore: false },
  ],
  ["without a status", { spec: {} }, { settings: none, trustsMore: false }],
  ["with a spec that is not yet found good", { spec: { httpsProxy: "http://p:1" }, status: {} }, { settings: none }],
  [
    "with proxies",
    { spec: {}, status: { httpProxy: "http://u:p@a:1", httpsProxy: "https://b:2", noProxy: ".svc,10.0.0.0/8" } },
    { settings: { httpProxy: "http://u:p@a:1", httpsProxy: "https://b:2", noProxy: ".svc,10.0.0.0/8" } },
  ],
  ["with CAs", { spec: { trustedCA: { name: "user-ca-bundle" } } }, { settings: none, trustsMore: true }],
])("%s", (_, object, expected) => {
  expect(readProxy(object)).toMatchObject(expected);
});

test("what is no Proxy is refused", () => {
  expect(() => readProxy({ status: { httpsProxy: 1 } })).toThrow(/httpsProxy/);
});
