// The user data: what a present boot image can read, told without a word of it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { ignitionVersion } from "../../../controller/decide/user-data.ts";

const ignition = (version: unknown) => JSON.stringify({ ignition: { version }, secret: "hunter2" });

test.each<[string, string | undefined, string]>([
  ["spec 3", ignition("3.2.0"), "3.2.0"],
  ["spec 3, to come", ignition("3.6.0-experimental"), "3.6.0-experimental"],
  ["spec 4, if there ever is one", ignition("4.0.0"), "4.0.0"],
  ["spec 2", ignition("2.2.0"), "UserDataOld"],
  ["spec 1", ignition("1.0.0"), "UserDataOld"],
  ["no Secret", undefined, "UserDataMissing"],
  ["nothing in it", "", "UserDataMissing"],
  ["no JSON", "#cloud-config\npassword: hunter2", "UserDataInvalid"],
  ["half of it", ignition("3.2.0").slice(0, -1), "UserDataInvalid"],
  ["null", "null", "UserDataInvalid"],
  ["a list", '["hunter2"]', "UserDataInvalid"],
  ["a text", '"hunter2"', "UserDataInvalid"],
  ["no ignition", '{"secret":"hunter2"}', "UserDataInvalid"],
  ["ignition that is no object", '{"ignition":"hunter2"}', "UserDataInvalid"],
  ["no version", '{"ignition":{}}', "UserDataInvalid"],
  ["a version that is a number", ignition(3), "UserDataInvalid"],
  ["a version that is none", ignition("hunter2"), "UserDataInvalid"],
  ["half a version, which Ignition refuses", ignition("3.2"), "UserDataInvalid"],
  ["a version by inheritance", '{"__proto__":{"ignition":{"version":"3.2.0"}}}', "UserDataInvalid"],
])("%s", (_, text, expected) => {
  const decision = ignitionVersion("worker-user-data", text);
  expect(decision.ok ? decision.value : decision.reason).toBe(expected);
  if (decision.ok) return;
  expect(decision.message).toContain("Secret openshift-machine-api/worker-user-data");
  expect(decision.message).not.toContain("hunter2");
});

test("never throws, and never says what it was given", () => {
  const secret = fc.string({ minLength: 12, maxLength: 200 }).map((text) => `<${text}>`);
  fc.assert(
    fc.property(secret, fc.constantFrom("raw", "text", "version"), (text, where) => {
      const all = { raw: text, text: JSON.stringify(text), version: ignition(text) };
      const decision = ignitionVersion("s", all[where as keyof typeof all]);
      expect(decision.ok).toBe(false);
      expect(decision.ok ? "" : decision.message).not.toContain(text);
    }),
  );
});
