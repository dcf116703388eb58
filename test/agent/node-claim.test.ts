import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimedNode, requireNodeClaim } from "../../agent/node-claim.ts";

const token = (payload: unknown) =>
  ["{}", JSON.stringify(payload), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const bound = token({ sub: "x", "kubernetes.io": { namespace: "bootwarden", node: { name: "worker-0", uid: "u" } } });

test("a token bound to a pod on the node is taken", () => {
  expect(() => requireNodeClaim(bound, "worker-0")).not.toThrow();
});

describe("everything else is NoNodeClaim", () => {
  test.each<[string, string | undefined, string]>([
    ["no token, as with a client certificate", undefined, "worker-0"],
    ["another node's token", bound, "worker-1"],
    ["a token that is not bound", token({ sub: "x" }), "worker-0"],
    ["a token bound to a pod without a node", token({ "kubernetes.io": { pod: { name: "p" } } }), "worker-0"],
    ["a name of another type", token({ "kubernetes.io": { node: { name: ["worker-0"] } } }), "worker-0"],
    ["an opaque token", "abcdef", "worker-0"],
    ["an empty one", "", "worker-0"],
  ])("%s", (_, given, node) => {
    expect(() => requireNodeClaim(given, node)).toThrow(expect.objectContaining({ reason: "NoNodeClaim" }));
  });

  test("no message quotes the token", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: fc.constantFrom("X", "Y", ".") }), (given) => {
        expect(claimedNode(given)).toBeNull();
        expect(() => requireNodeClaim(given, "n")).toThrow(
          expect.not.objectContaining({ message: expect.stringContaining(given) }),
        );
      }),
    );
  });
});
