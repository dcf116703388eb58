import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimedNode } from "../../agent/node-claim.ts";

const key = "authentication.kubernetes.io/node-name";
const answer = (extra: unknown) => ({
  kind: "SelfSubjectReview",
  status: { userInfo: { username: "system:serviceaccount:bootwarden:bootwarden-agent", extra } },
});

test("the node of a bound token", () => {
  const others = { "authentication.kubernetes.io/pod-name": ["bootwarden-agent-x7k2q"] };
  expect(claimedNode(answer({ ...others, [key]: ["worker-0"] }))).toBe("worker-0");
});

describe("there is none in", () => {
  test.each<[string, unknown]>([
    ["a token that is bound to no pod", answer({ "authentication.kubernetes.io/credential-id": ["JTI=x"] })],
    ["credentials without anything more, such as a client certificate", answer(undefined)],
    ["an answer with two nodes", answer({ [key]: ["worker-0", "worker-1"] })],
    ["an empty claim", answer({ [key]: [] })],
    ["a claim of another type", answer({ [key]: "worker-0" })],
    ["a claim that only looks alike", answer({ [`${key}.evil`]: ["worker-0"], [`x${key}`]: ["worker-0"] })],
    ["another object", { kind: "Status", code: 404 }],
  ])("%s", (_, given) => {
    expect(claimedNode(given)).toBeNull();
  });

  test("anything else", () => {
    fc.assert(fc.property(fc.anything(), (given) => claimedNode(given) === null));
  });
});
