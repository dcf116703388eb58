// The failure: a typed error with a reason, and what is made of things that are none.
import { expect, test } from "vitest";
import { Failure, failureOf } from "../../common/failure.ts";

class DoorError extends Failure {}

test("it has the name of its class, a reason, a message and a cause", () => {
  const cause = new Error("rust");
  const error = new DoorError("TimedOut", "The door does not open: oil it.", { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "DoorError",
    reason: "TimedOut",
    message: "The door does not open: oil it.",
    cause,
  });
  expect(String(error)).toBe("DoorError: The door does not open: oil it.");
});

test.each<[string, unknown, object]>([
  ["one of ours", new DoorError("TimedOut", "m"), { reason: "TimedOut", message: "m" }],
  ["another error", new TypeError("x is undefined"), { reason: "Unexpected", message: "x is undefined" }],
  ["a text", "boom", { reason: "Unexpected", message: "boom" }],
  ["nothing", undefined, { reason: "Unexpected", message: "undefined" }],
  ["something that only looks like one", { reason: "TimedOut", message: "m" }, { reason: "Unexpected" }],
  ["an object that has no text", Object.create(null), { reason: "Unexpected" }],
  ["a password in an error of others", new Error("GET https://u:t0p@h/ failed"), { message: "GET https://h/ failed" }],
])("the failure of %s", (_, thrown, expected) => {
  expect(failureOf(thrown)).toMatchObject(expected);
});
