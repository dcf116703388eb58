// The stage of an installation: a lab that has never seen bootwarden, an admin's shell, and what OpenShift does when it is installed.
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { agentName, namespace } from "../../common/annotations.ts";
import { judgedNodes, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { kubectlApply } from "../lab/crds.ts";
import { installDefinitions } from "../lab/definitions.ts";
import type { Ground } from "../lab/ground.ts";
import { servingSecrets } from "../lab/kubelets/installation.ts";
import type { RealNode } from "../lab/kubelets/real-node.ts";
import { startLab } from "../lab/lab.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { accountsFlag, type VCenterAccount } from "../lab/vcenter-flags.ts";
import { type AdminShell, openAdminShell } from "./admin-shell.ts";

export interface InstallStage extends Pick<Stage, "lab" | "signal"> {
  shell: AdminShell;
  account: VCenterAccount;
  /** Of the control plane, and two workers that were there before. */
  nodes: [RealNode, RealNode, RealNode];
  /** Waits until it is so, a minute and a half at most. */
  wait: (what: string, look: () => Promise<unknown>) => Promise<void>;
}

const addressClaims = fileURLToPath(new URL("../lab/definitions/ipaddressclaims.crd.yaml", import.meta.url));

/** What every datastore has free, in bytes. */
export const ample = 2 ** 40;

/** `account`: the one that the page has made in vCenter. */
export async function openInstallStage(account: VCenterAccount, signal: AbortSignal): Promise<InstallStage> {
  const parts = { controller: false, nodes: true, machineSets: true, imageMiB: 8, kubelets: 3, bare: true };
  const vcenterFlags = async (ground: Ground) => [await accountsFlag(ground, [account]), `--free-space=${ample}`];
  const lab = await startLab({ ...parts, vcenterFlags, say: console.error }, signal);
  await installDefinitions(lab.ground, lab.api, lab.controlPlane.kubeconfig);
  await kubectlApply(lab.ground, lab.controlPlane.kubeconfig, ["-f", addressClaims]);
  const [controlPlane, first, second] = lab.realNodes;
  if (controlPlane === undefined || first === undefined || second === undefined)
    throw new TypeError("the lab has three nodes");
  const nodes: InstallStage["nodes"] = [controlPlane, first, second];
  const wait: InstallStage["wait"] = async (what, look) => {
    await until({ signal, what, within: 90_000, every: 250 }, async () => Boolean(await look()));
  };
  return { lab, signal, account, nodes, wait, shell: await openAdminShell(lab, account.password) };
}

/** The part of service-ca: the Secrets with the certificates, as soon as there is a Service that wants one. */
export async function serveCertificates({ lab, wait }: InstallStage): Promise<void> {
  await wait("our Services", () => lab.api.get(`/api/v1/namespaces/${namespace}/services/${agentName}`));
  for (const secret of await servingSecrets(lab.ground)) await lab.api.apply(secret);
}

export const [zoneA, zoneB] = zones as [Zone, Zone];
export const [setA, setB] = [machineSetName(zoneA), machineSetName(zoneB)];

const Policy = z.object({
  spec: z.object({ mode: z.string() }),
  status: z.object({
    machineSets: z.array(
      z.object({
        name: z.string(),
        state: z.string(),
        contested: z.object({ times: z.number() }).optional(),
      }),
    ),
  }),
});

export async function standingOf({ lab }: InstallStage, machineSet: string) {
  const policy = Policy.parse(await lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster"));
  const found = policy.status.machineSets.find(({ name }) => name === machineSet);
  return { ...found, template: (await machineSetTemplates({ lab })).get(machineSet) };
}

/** The names of the Nodes of a MachineSet that are Verified. */
export async function verifiedNodes(stage: InstallStage, machineSet: string): Promise<string[]> {
  const nodes = await judgedNodes(stage);
  return nodes.flatMap(({ name, verdict }) => (verdict === "Verified" && name.startsWith(machineSet) ? [name] : []));
}

/** The real node of a Machine. */
export function nodeOfMachine({ lab }: InstallStage, name: string): RealNode {
  const node = lab.realRoom?.nodes.get(name);
  if (node === undefined) throw new TypeError(`no node ${name}`);
  return node;
}
