// The vCenters: one session each, opened when first needed and kept between passes.
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { type ClusterState, only } from "./cluster/cluster-state.ts";
import type { Kube } from "./cluster/kube.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { readAccount, readCaBundle } from "./cluster/vcenter-account.ts";
import type { VmFolders } from "./vsphere/inventory-look.ts";
import { openSession, type Session, type VCenterAccess } from "./vsphere/session.ts";

/** A session, and what was learnt in it. */
export interface VisitedVCenter {
  session: Session;
  folders: VmFolders;
}

export interface VCenters {
  /** The session with a vCenter, opened anew where its account changed. Throws AccountError, KubeError, VimFault. */
  session: (server: string, policy: Policy | undefined) => Promise<Session>;
  /** The same, with what was learnt in it. */
  visit: (server: string, policy: Policy | undefined) => Promise<VisitedVCenter>;
  /** Forgets a session that was lost. */
  drop: (server: string) => Promise<void>;
  /** Logs out of all. */
  close: () => Promise<void>;
}

export interface VCenterParts {
  kube: Kube;
  state: ClusterState;
  log: Log;
  signal: AbortSignal;
}

/** A vCenter locks an account after some wrong passwords: the same one is not tried again so soon. Milliseconds. */
const loginRest = 300_000;

interface Refused {
  access: string;
  at: number;
  error: unknown;
}

interface Open extends VisitedVCenter {
  /** What it was opened with. */
  access: string;
}

export function createVCenters(parts: VCenterParts): VCenters {
  const open = new Map<string, Open>();
  const refused = new Map<string, Refused>();
  const drop = async (server: string) => {
    const known = open.get(server);
    open.delete(server);
    await known?.session.close();
  };
  const visit = async (server: string, policy: Policy | undefined): Promise<Open> => {
    const access = await accessTo(parts, server, policy);
    const key = JSON.stringify(access);
    const known = open.get(server);
    if (known?.access === key) return known;
    await drop(server);
    const last = refused.get(server);
    if (last?.access === key && Date.now() - last.at < loginRest) throw last.error;
    const session = await openSession(access, parts).catch((error: unknown) => {
      if (failureOf(error).reason === "LoginRefused") refused.set(server, { access: key, at: Date.now(), error });
      throw error;
    });
    refused.delete(server);
    const opened = { session, folders: new Map(), access: key };
    open.set(server, opened);
    return opened;
  };
  return {
    drop,
    visit,
    session: async (server, policy) => (await visit(server, policy)).session,
    close: async () => {
      await Promise.all([...open.keys()].map(drop));
    },
  };
}

async function accessTo(
  { kube, state }: VCenterParts,
  server: string,
  policy: Policy | undefined,
): Promise<VCenterAccess> {
  const entry = policy?.vcenters.find((vcenter) => vcenter.server === server);
  const secret = { namespace: "openshift-machine-api", name: "vsphere-cloud-credentials" };
  const account = await readAccount(kube, server, secret);
  const known = only(state.infrastructures, "cluster")?.vcenters.find((vcenter) => vcenter.server === server);
  return {
    server,
    url: `https://${server.includes(":") ? `[${server}]` : server}:${known?.port ?? 443}/sdk`,
    ...account,
    ca: entry?.caBundle === undefined ? undefined : await readCaBundle(kube, entry.caBundle),
    thumbprint: entry?.thumbprint,
    insecureSkipVerify: entry?.insecureSkipVerify,
  };
}
