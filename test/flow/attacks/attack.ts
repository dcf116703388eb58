// The attack: what is tried with a stolen credential, and who stops it; the tables of attacks*.ts are made of these.

export type Verb =
  | "merge"
  | "strategic"
  | "json"
  | "apply"
  | "put"
  | "post"
  | "get"
  | "list"
  | "delete"
  | "deletecollection";

/** What is tried, in words; then how. A path with `fieldManager` is written under that name; `uid of on-own` stands for that pod's, `uid of Node own` for that Node's. */
export type Row = [tries: string, verb: Verb, path: string, body?: unknown];

export type Credential =
  | "agent"
  | "agent without a node"
  | "agent of another node"
  | "agent of a pod that is gone"
  | "agent of a busy Node"
  | "agent impersonating"
  | "agent as itself on another node"
  | "controller impersonating"
  | "controller as an agent"
  | "kubelet impersonating"
  | "kubelet as an agent"
  | "controller"
  | "kubelet"
  | "kubelet of a new node";

/** Who stops an attack. A policy is named by what it answers. */
type Guard = "RBAC" | "bootwarden's policy" | "NodeRestriction" | "authentication" | "API server" | "nothing";

export interface Threat {
  /** What a thief would gain; the words of docs/security.md. */
  threat: string;
  with: Credential;
  stoppedBy: Guard;
  /** What the API server answers. Without it the attack succeeds; "ignored": the request succeeds and changes nothing. */
  answer?: RegExp | "ignored";
  /** The answer of the policy where RBAC, which stops it now, allowed everything. */
  behind?: RegExp;
  /** Why it is not stopped. */
  because?: string;
  rows: Row[];
}

/** What the API server answers whom RBAC allows nothing. */
export const forbidden = /: 403 .* is forbidden: User .* cannot /;
