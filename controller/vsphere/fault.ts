// The failure of a call to vCenter, in vSphere's own word for it where it has one.
import { z } from "zod";
import { Failure } from "../../common/failure.ts";
import { oneLine } from "../../common/one-line.ts";
import type { Reason } from "../../common/reasons.ts";
import { plainValue } from "./plain-value.ts";

/** Every error of this directory. `fault` is the type of the vSphere fault, such as `DuplicateName`, or null. */
export class VimFault extends Failure {
  readonly fault: string | null;

  constructor(reason: Reason, message: string, options: ErrorOptions & { fault?: string } = {}) {
    super(reason, message, options);
    this.fault = options.fault ?? null;
  }
}

/** A SOAP fault (soap's parse of its Fault element) as an answer to `what`, such as `Login at vc.example.com`. */
export function soapFault(fault: unknown, what: string): VimFault {
  const { detail, faultstring } = SoapFault.catch({ detail: {}, faultstring: "" }).parse(plainValue(fault));
  const [[element, content] = ["", undefined]] = Object.entries(detail).filter(([key]) => key !== "$type");
  return namedFault({ type: typeOf(content) ?? element.replace(/Fault$/, ""), text: faultstring, content }, what);
}

/** A LocalizedMethodFault, as a task or a lease holds it. */
export function methodFault(error: unknown, what: string): VimFault {
  const { fault, localizedMessage } = MethodFault.catch({ fault: {}, localizedMessage: "" }).parse(error);
  return namedFault({ type: typeOf(fault) ?? "", text: localizedMessage, content: fault }, what);
}

/** Whether vCenter says that the object does not exist any more. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof VimFault && thrown.fault === "ManagedObjectNotFound";
}

/** Whether another task, or the lease of an import that died, holds the object: it may be let go of in some minutes. */
export function isLocked(thrown: unknown): boolean {
  return thrown instanceof VimFault && thrown.fault !== null && locks.includes(thrown.fault);
}

const locks: readonly string[] = [
  "InvalidState",
  "TaskInProgress",
  "FileLocked",
  "CannotDeleteFile",
  "ResourceInUse",
  "MethodDisabled",
  "ConcurrentAccess",
];
const Text = z.string().catch("");
const SoapFault = z.object({ faultstring: Text, detail: z.record(z.string(), z.unknown()).catch({}) });
const MethodFault = z.object({ localizedMessage: Text, fault: z.unknown() });
const Typed = z.object({ $type: z.string() });

function typeOf(content: unknown): string | undefined {
  return Typed.safeParse(content).data?.$type;
}

interface Named {
  type: string;
  text: string;
  content: unknown;
}

function namedFault({ type, text, content }: Named, what: string): VimFault {
  const known = knownFaults[type];
  const said = [oneLine(text, 500), type && `(${type})`].filter((part) => part !== "").join(" ") || "no explanation";
  const remedy = type === "NoPermission" ? missingPrivilege(content) : (known?.remedy ?? "");
  return new VimFault(known?.reason ?? "VCenterFault", `${what}: ${said}.${remedy}`, { fault: type });
}

const roomRemedy = " Make room on the datastore, or name another one.";
const knownFaults: Record<string, { reason: Reason; remedy?: string } | undefined> = {
  InvalidLogin: { reason: "LoginRefused", remedy: " Mend the user name or password in the credentials' Secret." },
  NotAuthenticated: { reason: "SessionLost" },
  NoPermission: { reason: "NoPermission" },
  DuplicateName: { reason: "NameTaken" },
  FileAlreadyExists: { reason: "NameTaken" },
  ManagedObjectNotFound: { reason: "ObjectNotFound" },
  NotFound: { reason: "ObjectNotFound" },
  NoDiskSpace: { reason: "DatastoreFull", remedy: roomRemedy },
  InsufficientStorageSpace: { reason: "DatastoreFull", remedy: roomRemedy },
};

const Denied = z.object({ privilegeId: z.string(), object: z.object({ value: z.string() }).optional() });

function missingPrivilege(content: unknown): string {
  const denied = Denied.safeParse(content).data;
  if (denied === undefined) return " Give the vCenter account the privileges that the documentation lists.";
  return ` Give the vCenter account the privilege ${denied.privilegeId} on ${denied.object?.value ?? "the object"}.`;
}
