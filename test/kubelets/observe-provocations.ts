// The provocations in mode Observe, all at once: three nodes and a Machine, two MachineSets, the policy and its surroundings.
import { chmod, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agentAnnotations } from "../../common/annotations.ts";
import { scale } from "../demo/stage.ts";
import { mirror } from "../flow/machine-configuration.ts";
import type { RealNode } from "../lab/kubelets/real-node.ts";
import { osDigest, osImage } from "../lab/releases.ts";
import { folder, installedTemplate } from "../lab/topology.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { ample, type InstallStage, nodeOfMachine, setA, verifiedNodes, zoneB } from "./install-stage.ts";
import type { Provocation } from "./provocation.ts";

const another = osImage(osDigest("another"));
const anotherVersion = "9.9.20261201-0";
const machineConfiguration = "/apis/operator.openshift.io/v1/machineconfigurations/cluster";
const twoDaysAgo = () => new Date(Date.now() - 2 * 24 * 3600 * 1000);

/** libostree's sign to watchers. */
async function touch({ root }: RealNode): Promise<void> {
  await utimes(join(root.path, "ostree/deploy"), new Date(), new Date());
}

const systemctl = ({ root }: RealNode) => join(root.path, "usr/bin/systemctl");

export const observeProvocations: Provocation[] = [
  {
    alert: "BootwardenWrongImage",
    provoke: async (stage) => {
      const [name = ""] = await verifiedNodes(stage, setA);
      await nodeOfMachine(stage, name).bootImage(another, anotherVersion);
    },
    follow: async (stage, mend, names) => {
      await stage.shell.run(mend("kubectl -n openshift-machine-api delete machine MACHINE", names));
      await stage.wait("a Machine in its place", async () => (await verifiedNodes(stage, setA)).length === 1);
    },
  },
  {
    alert: "BootwardenAgentNotReporting",
    provoke: ({ nodes: [controlPlane] }) => controlPlane.root.fail("daemon-start-failed"),
    follow: async ({ nodes: [controlPlane] }, mend) => {
      mend("`AgentError/…`: rpm-ostree does not answer on the host.");
      await controlPlane.root.fail(undefined);
    },
  },
  {
    alert: "BootwardenStagedTooLong",
    provoke: async ({ nodes: [, worker] }) => {
      await worker.stage(another, anotherVersion);
      await utimes(join(worker.root.path, "run/ostree/staged-deployment"), twoDaysAgo(), twoDaysAgo());
      await touch(worker);
    },
    // The lab's rpm-ostree changes nothing by itself.
    follow: async ({ nodes: [, worker] }, mend) => {
      mend("`oc debug node/NODE -- chroot /host rpm-ostree cleanup --pending`");
      await worker.disk.cleanUp();
    },
  },
  {
    alert: "BootwardenLocallyModified",
    provoke: async ({ nodes: [, worker] }) => {
      await worker.disk.unlock();
      await touch(worker);
    },
    follow: async ({ lab, wait, nodes: [, worker] }, mend) => {
      mend("`unlocked`: a reboot ends `development`");
      // Not into what BootwardenStagedTooLong is about.
      await wait("nothing staged", async () => {
        const node = await lab.api.get(`/api/v1/nodes/${worker.name}`);
        return node?.metadata.annotations?.[agentAnnotations.stagedDigest] === undefined;
      });
      await worker.reboot();
    },
  },
  {
    alert: "BootwardenFinalizationFailed",
    provoke: async ({ nodes: [, , worker] }) => {
      await writeFile(systemctl(worker), "#!/bin/sh\necho ActiveState=failed\n");
      await chmod(systemctl(worker), 0o755);
      await worker.reboot();
    },
    // No machine-config-daemon runs in the lab that would be restarted for it.
    follow: async ({ nodes: [, , worker] }, mend) => {
      mend("let the daemon try again: delete the node's pod of `k8s-app=machine-config-daemon`");
      await rm(systemctl(worker));
      await worker.reboot();
    },
  },
  {
    alert: "BootwardenDatastoreLow",
    provoke: ({ lab }) => lab.vcenter.control.freeSpace(10 * 2 ** 30),
    follow: async ({ lab }, mend) => {
      mend("Make room");
      await lab.vcenter.control.freeSpace(ample);
    },
  },
  {
    alert: "BootwardenTemplateMissing",
    provoke: ({ shell }) =>
      shell.run(`govc object.rename ${folder}/${installedTemplate(zoneB)} renamed`).then(() => undefined),
    names: { TEMPLATE: installedTemplate(zoneB), PATH: `${folder}/renamed` },
    follow: async ({ shell }, mend, names) => {
      await shell.run(mend("govc object.rename PATH TEMPLATE", names));
    },
  },
  {
    alert: "BootwardenTakeoverAhead",
    provoke: async ({ lab }) => {
      await lab.api.merge(machineConfiguration, { spec: { managedBootImages: null } });
      await lab.api.merge(`${machineConfiguration}/status`, { status: { managedBootImagesStatus: null } });
    },
    follow: async (stage, mend) => {
      const patch = `kubectl patch machineconfiguration cluster --type=merge -p '{"spec":{"managedBootImages":{"machineManagers":[{"resource":"machinesets","apiGroup":"machine.openshift.io","selection":{"mode":"None"}}]}}}'`;
      await stage.shell.run(mend(patch));
      // The Machine Config Operator's part.
      await mirror(stage);
    },
  },
  {
    alert: "BootwardenTLSUnverified",
    provoke: async ({ shell }) => {
      const vcenters = `[{"server":"vcenter.example.com","credentialsSecret":{"name":"bootwarden-vcenters"},"insecureSkipVerify":true}]`;
      await shell.run(`oc patch bootimagepolicy cluster --type=merge -p '{"spec":{"vcenters":${vcenters}}}'`);
    },
    follow: async ({ shell }, mend) => {
      const command =
        "openssl s_client -connect VCENTER:443 -showcerts </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256";
      const printed = await shell.run(mend(command));
      const THUMBPRINT = printed.trim().replace(/^.*=/, "");
      const patch = `kubectl patch bootimagepolicy cluster --type=json -p '[{"op":"remove","path":"/spec/vcenters/0/insecureSkipVerify"},{"op":"add","path":"/spec/vcenters/0/thumbprint","value":"THUMBPRINT"}]'`;
      await shell.run(mend(patch, { THUMBPRINT }));
    },
  },
  {
    alert: "BootwardenPolicyMissing",
    provoke: ({ shell }) =>
      shell.run("oc delete validatingadmissionpolicybinding bootwarden-kubelet").then(() => undefined),
    follow: async ({ shell }, mend) => {
      mend("Apply the manifests again, with the overlay that you have installed.");
      await shell.run("oc apply -k site");
    },
  },
];

/** The one that the page itself ends, by going over to Manage. */
export const behind: Provocation = {
  alert: "BootwardenTemplateOutdated",
  provoke: async ({ lab }) => {
    const [, image] = lab.images;
    await lab.api.apply(bootImages("4.20.15", image));
  },
  follow: async (_, mend) => {
    mend("`ObserveMode`: `kubectl bootwarden plan` shows what Manage would do. Set `spec.mode: Manage`");
  },
};

/** A new Machine from the template of before, and its node. */
export async function firstMachine(stage: InstallStage): Promise<void> {
  await scale(stage, setA, 1);
  await stage.wait("its node Verified", async () => (await verifiedNodes(stage, setA)).length === 1);
}
