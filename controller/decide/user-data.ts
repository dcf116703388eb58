// The user data of a MachineSet's machines: whether a newer boot image can read it.
import { type Decision, decided, type Refusal, refused } from "./decision.ts";

/** What the Machine API's webhook fills in for a provider spec that names none. */
export const usualUserData = "worker-user-data";

/** A MachineSet's Secret, in namespace openshift-machine-api. */
export function userDataSecret(name: string): string {
  return `Secret openshift-machine-api/${name}`;
}

/**
 * The version of the Ignition spec that the text (key `userData` of the Secret with that name) is written in; `text` is
 * undefined where there is none. Boot images from OpenShift 4.6 on read spec 3 and nothing older: a machine would come
 * up and never join. `UserDataMissing`, `UserDataInvalid`, `UserDataOld`; no message holds a piece of the text.
 */
export function ignitionVersion(name: string, text: string | undefined): Decision<string> {
  const secret = `${userDataSecret(name)}, the MachineSet's user data,`;
  if (text === undefined || text === "")
    return refused("UserDataMissing", `${secret} does not exist or has no key userData: put it back.`);
  const version = versionIn(text);
  if (version === undefined) return invalid(`${secret} is no Ignition configuration in JSON`);
  const major = /^(\d{1,3})\.\d{1,3}\.\d{1,3}(-[a-z0-9.-]{1,32})?$/i.exec(version)?.[1];
  if (major === undefined) return invalid(`${secret} names no version of the Ignition spec`);
  if (Number(major) >= 3) return decided(version);
  const message =
    `${secret} is of Ignition spec ${version}, which no present boot image reads: replace it by one of spec 3, as ` +
    "docs/user-data.md says.";
  return refused("UserDataOld", message);
}

function invalid(what: string): Refusal {
  return refused("UserDataInvalid", `${what}: put it back as the installer or the Machine Config Operator made it.`);
}

function versionIn(text: string): string | undefined {
  const version = member(member(parsed(text), "ignition"), "version");
  return typeof version === "string" ? version : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What V8 says of it quotes the text.
    return undefined;
  }
}

/** Own properties of objects only. */
function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
