import { expect, test } from "vitest";
import { temporaryName } from "../../../controller/apply/names.ts";

test("the temporary name is the same in every run, and another for each template and cluster", () => {
  const name = temporaryName("lab-7x2kq", "lab-7x2kq-rhcos-fd-east-a-9.8");
  expect(name).toMatch(/^bootwarden-import-[0-9a-f]{8}$/);
  expect(temporaryName("lab-7x2kq", "lab-7x2kq-rhcos-fd-east-a-9.8")).toBe(name);
  expect(temporaryName("lab-7x2kq", "lab-7x2kq-rhcos-fd-east-b-9.8")).not.toBe(name);
  expect(temporaryName("other", "lab-7x2kq-rhcos-fd-east-a-9.8")).not.toBe(name);
});
