import { expect, test } from "vitest";
import { admission, type SeenPolicy } from "../../../controller/decide/admission.ts";

const policy = (over: Partial<SeenPolicy> = {}, binding: Partial<SeenPolicy["binding"]> = {}): SeenPolicy => ({
  name: "bootwarden-agent",
  exists: true,
  binding: { policyName: "bootwarden-agent", denies: true, isNarrow: false, ...binding },
  ...over,
});

test("all there", () => {
  expect(admission([policy(), policy()])).toBe("Installed");
});

test.each<[string, SeenPolicy, RegExp]>([
  [
    "no policy",
    policy({ exists: false }),
    /: ValidatingAdmissionPolicy bootwarden-agent is missing\. Apply the manifests/,
  ],
  ["no binding", policy({ binding: null }), /: ValidatingAdmissionPolicyBinding bootwarden-agent is missing\. Apply/],
  [
    "neither",
    policy({ exists: false, binding: null }),
    /Policy bootwarden-agent is missing, .*Binding bootwarden-agent is/,
  ],
  ["the binding of another policy", policy({}, { policyName: "other" }), /binds another policy/],
  ["a binding that only warns", policy({}, { denies: false }), /does not deny/],
  ["a binding of some objects only", policy({}, { isNarrow: true }), /narrowed/],
])("%s is PolicyMissing, and named", (_, seen, message) => {
  expect(admission([policy(), seen])).toMatchObject({
    reason: "PolicyMissing",
    message: expect.stringMatching(message),
  });
});
