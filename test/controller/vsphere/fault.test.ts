import { expect, test } from "vitest";
import { isGone, methodFault, soapFault, VimFault } from "../../../controller/vsphere/fault.ts";

const login = {
  faultcode: "ServerFaultCode",
  faultstring: "Cannot complete login due to an incorrect user name or password.",
};

test.each([
  [
    "vCenter: type under xsi, element named after the method's fault",
    { ...login, detail: { InvalidLoginFault: { attributes: { "xsi:type": "InvalidLogin" } } } },
    { reason: "LoginRefused", fault: "InvalidLogin" },
  ],
  [
    "simulator: another prefix, a general element",
    {
      ...login,
      detail: { Fault: { attributes: { "_XMLSchema-instance:type": "NotAuthenticated" }, privilegeId: "System.View" } },
    },
    { reason: "SessionLost", fault: "NotAuthenticated" },
  ],
  [
    "no type: the element's name",
    { ...login, detail: { NotFoundFault: null } },
    { reason: "ObjectNotFound", fault: "NotFound" },
  ],
  [
    "unknown fault",
    { ...login, detail: { XFault: { attributes: { "xsi:type": "Strange" } } } },
    { reason: "VCenterFault", fault: "Strange" },
  ],
  ["no detail", login, { reason: "VCenterFault", fault: "" }],
  ["empty fault", null, { reason: "VCenterFault", fault: "" }],
  ["fault of another form", { faultstring: { a: "b" }, detail: "text" }, { reason: "VCenterFault" }],
])("%s", (_, fault, expected) => {
  const failure = soapFault(fault, "Login at vCenter vc");
  expect(failure).toBeInstanceOf(VimFault);
  expect(failure).toMatchObject(expected);
  expect(failure.message).toMatch(/^Login at vCenter vc: /);
});

test("a missing privilege is named with its object", () => {
  const content = {
    attributes: { "xsi:type": "NoPermission" },
    object: { attributes: { type: "Folder" }, $value: "group-v3" },
    privilegeId: "VApp.Import",
  };
  const failure = soapFault(
    { faultstring: "Permission denied.", detail: { NoPermissionFault: content } },
    "ImportVApp",
  );
  expect(failure.message).toContain("privilege VApp.Import on group-v3");
});

test("a fault's text is bounded", () => {
  expect(soapFault({ faultstring: "x".repeat(1e6) }, "Login").message.length).toBeLessThan(600);
});

test("the fault of a task", () => {
  const error = { fault: { $type: "DuplicateName", name: "a" }, localizedMessage: "The name 'a' already exists." };
  expect(methodFault(error, "Renaming vm-1")).toMatchObject({
    reason: "NameTaken",
    message: "Renaming vm-1: The name 'a' already exists. (DuplicateName).",
  });
  expect(methodFault(undefined, "Renaming vm-1")).toMatchObject({ reason: "VCenterFault" });
});

test("gone", () => {
  expect(isGone(methodFault({ fault: { $type: "ManagedObjectNotFound" }, localizedMessage: "x" }, "y"))).toBe(true);
  expect(isGone(methodFault({ fault: { $type: "NotFound" }, localizedMessage: "x" }, "y"))).toBe(false);
  expect(isGone(new Error("ManagedObjectNotFound"))).toBe(false);
});

test("what vCenter says is told in one line, without the passwords of addresses in it", () => {
  const faultstring = `Failed to fetch https://admin:hunter2@proxy.example.com/x\r\n\tat\u001b[31m line 2 ${"x".repeat(2_000)}`;
  const { message } = soapFault({ ...login, faultstring }, "CloneVM_Task at vCenter vc");
  expect(message).not.toMatch(/hunter2|\p{Cc}/u);
  expect(message).toContain("https://proxy.example.com/x at [31m line 2");
  expect(message.length).toBeLessThan(600);
});
