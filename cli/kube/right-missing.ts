// The missing right: what the user may not do, and what to ask the admin for.
import { readerName } from "../../common/annotations.ts";
import { Failure } from "../../common/failure.ts";
import { shellWord } from "../shell-word.ts";
import { fullName, type Resource } from "./resource.ts";

export interface Right {
  verb: "get" | "list" | "patch";
  resource: Resource;
  /** Of the object, where only that one is asked for. */
  name?: string | undefined;
}

/** RightMissing. */
export class RightMissing extends Failure {
  readonly right: Right;
  /** Whom the API server takes the user for; null where it does not say. */
  readonly user: string | null;

  constructor(right: Right, said: string) {
    const user = /User "([^"]+)"/.exec(said)?.[1] ?? null;
    super("RightMissing", `${user ?? "This user"} may not ${called(right)}.`);
    this.right = right;
    this.user = user;
  }
}

/** "list nodes in the whole cluster". */
function called({ verb, resource, name }: Right): string {
  const what = `${verb} ${fullName(resource)}${name === undefined ? "" : ` ${name}`}`;
  if (resource.namespace !== undefined) return `${what} in namespace ${resource.namespace}`;
  return name === undefined ? `${what} in the whole cluster` : what;
}

/**
 * The commands by which an admin gives all the rights: what is read by the role that the manifests bring, what is written by one of
 * its own.
 */
export function grants(missing: readonly RightMissing[]): string[] {
  const [first] = missing;
  if (first === undefined) return [];
  const subject = subjectOf(first.user ?? "USER");
  const reading = missing.some(({ right }) => right.verb !== "patch");
  const written = new Map(
    missing.flatMap(({ right: { verb, resource } }) => (verb === "patch" ? [[fullName(resource), resource]] : [])),
  );
  const read = `kubectl create clusterrolebinding ${readerName}-${slug(first.user)} --clusterrole=${readerName} ${subject}`;
  return [
    ...(reading ? [read] : []),
    ...[...written.values()].flatMap((resource) => writing(resource, subject, slug(first.user))),
  ];
}

function writing(resource: Resource, subject: string, who: string): string[] {
  const kind = resource.namespace === undefined ? "clusterrole" : "role";
  const scope = resource.namespace === undefined ? "" : `-n ${resource.namespace} `;
  const role = `bootwarden-patch-${resource.plural}`;
  return [
    `kubectl ${scope}create ${kind} ${role} --verb=get,patch --resource=${fullName(resource)}`,
    `kubectl ${scope}create ${kind}binding ${role}-${who} --${kind}=${role} ${subject}`,
  ];
}

function subjectOf(user: string): string {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account ? `--serviceaccount=${account[1]}:${account[2]}` : `--user=${shellWord(user)}`;
}

/** The end of an object's name. */
function slug(user: string | null): string {
  return (
    (user ?? "user")
      .toLowerCase()
      .replace(/^system:serviceaccount:/, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "user"
  );
}
