// The provocations in mode Manage: of rollouts, imports and bootwarden itself. Those of one list can be there at once.
import { machineApi, scale } from "../demo/stage.ts";
import { installedTemplate } from "../lab/topology.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { type InstallStage, setA, setB, standingOf, verifiedNodes, zoneA, zoneB } from "./install-stage.ts";
import type { Provocation } from "./provocation.ts";

const releaseC = "9.8.20261201-0";

/** As a GitOps controller does it. */
async function takeBack({ lab }: InstallStage): Promise<void> {
  const path = `${machineApi}/machinesets/${setB}?fieldManager=argocd-controller`;
  const value = { template: installedTemplate(zoneB) };
  await lab.api.merge(path, { spec: { template: { spec: { providerSpec: { value } } } } });
}

async function upToDate(stage: InstallStage): Promise<void> {
  await stage.wait(`${setB} moved`, async () => {
    const { state, template } = await standingOf(stage, setB);
    return state === "UpToDate" && template !== installedTemplate(zoneB);
  });
}

export const contested: Provocation[] = [
  {
    alert: "BootwardenContested",
    provoke: async (stage) => {
      for (const times of [1, 2, 3]) {
        await upToDate(stage);
        await takeBack(stage);
        await stage.wait(`revert ${times}`, async () => (await standingOf(stage, setB)).contested?.times === times);
      }
    },
    follow: async (stage, mend, names) => {
      await stage.shell.run(mend("kubectl bootwarden resume MACHINESET", names));
      await upToDate(stage);
    },
  },
  {
    alert: "BootwardenAgentsDown",
    provoke: ({ shell }) =>
      shell.run("oc -n bootwarden set env daemonset/bootwarden-agent METRICS_CLIENTS=somebody").then(() => undefined),
    follow: async ({ shell }, mend) => {
      await shell.run(mend("oc -n bootwarden set env daemonset/bootwarden-agent METRICS_CLIENTS-"));
      await shell.run("oc -n bootwarden rollout status daemonset/bootwarden-agent --timeout=3m");
    },
  },
];

/** The MachineSet's Machines are to be attached to a network. */
async function attach({ lab }: InstallStage, networkName: string): Promise<void> {
  const value = { network: { devices: [{ networkName }] } };
  await lab.api.merge(`${machineApi}/machinesets/${setA}`, {
    spec: { template: { spec: { providerSpec: { value } } } },
  });
}

/** The first Machine of a new template cannot be attached to its network. Both alerts tell of it. */
export const halted: Provocation[] = [
  {
    alert: "BootwardenNewNodeNotInTime",
    provoke: async (stage) => {
      await attach(stage, "no-such-network");
      await scale(stage, setA, 2);
    },
    follow: async (stage, mend, names) => {
      await attach(stage, zoneA.network);
      await stage.shell.run(mend("kubectl -n openshift-machine-api delete machine MACHINE", names));
      await stage.wait("both nodes Verified", async () => (await verifiedNodes(stage, setA)).length === 2);
    },
  },
  {
    alert: "BootwardenHalted",
    provoke: async () => {},
    follow: async (stage, mend) => {
      mend("It was something else (vCenter, network, quota), and that is mended: `kubectl bootwarden resume`.");
      // That is what the other one sees to.
      await stage.wait("that is mended", async () => (await verifiedNodes(stage, setA)).length === 2);
      await stage.shell.run("kubectl bootwarden resume");
    },
  },
];

/** Where a mirror has the file, under the name of the release's own URL. */
const mirrored = `/mirror/rhcos-${releaseC}-vmware.x86_64.ova`;

export const failing: Provocation[] = [
  {
    alert: "BootwardenImportFailing",
    provoke: async ({ lab }) => {
      const image = lab.mirror.publish({ release: releaseC, diskBytes: 2_000_000 });
      lab.mirror.publish({ release: releaseC, diskBytes: 1_000_000, path: mirrored });
      await lab.api.apply(bootImages("4.20.15", { release: releaseC, ...image }));
    },
    follow: async ({ lab, shell }, mend) => {
      mend("`DownloadFailed`, `ChecksumMismatch`, `ImageTruncated`: the mirror or the proxy.");
      lab.mirror.publish({ release: releaseC, diskBytes: 2_000_000, path: mirrored });
      mend("any change of the policy's spec hurries it");
      await shell.run(`oc patch bootimagepolicy cluster --type=merge -p '{"spec":{"template":{"retain":3}}}'`);
    },
  },
];

const password = (value: string) =>
  `kubectl -n bootwarden patch secret bootwarden-vcenters --type=merge -p '{"stringData":{"vcenter.example.com.password":"${value}"}}'`;

export const unreachable: Provocation[] = [
  {
    alert: "BootwardenVCenterUnreachable",
    provoke: ({ shell }) => shell.run(password("changed")).then(() => undefined),
    names: { SECRET: "bootwarden-vcenters" },
    follow: async ({ shell, account }, mend, names) => {
      const piece = `kubectl -n bootwarden patch secret SECRET --type=merge -p '{"stringData":{"SERVER.password":"PASSWORD"}}'`;
      await shell.run(mend(piece, { ...names, PASSWORD: account.password }));
    },
  },
];

export const down: Provocation[] = [
  {
    alert: "BootwardenControllerDown",
    provoke: ({ shell }) =>
      shell.run("oc -n bootwarden scale deployment/bootwarden-controller --replicas=0").then(() => undefined),
    follow: async ({ shell }, mend) => {
      mend("`kubectl -n bootwarden get deployment` says `0/0`: somebody stopped it. Apply the manifests again.");
      await shell.run("oc apply -k site");
    },
  },
];
