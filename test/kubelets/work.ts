// The work of our pods on real kubelets: what they tell and do, and what it takes. Tests, for a room that is open.
import { expect, test } from "vitest";
import { agentName, controllerName, namespace, nodeAnnotations } from "../../common/annotations.ts";
import { machineSetTemplates, scale } from "../demo/stage.ts";
import { metricsClient } from "../lab/certificates.ts";
import { osDigest, osImage, releaseB } from "../lab/releases.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { nodeOf, type Room, verdictOf, workingSetOf } from "./room.ts";
import { scrape } from "./scrape.ts";

export function work(room: () => Room): void {
  test("a new release is imported into vCenter, and MachineSets are pointed at it", async () => {
    await room().lab.api.apply(bootImages("4.20.15", room().lab.images[1]));
    await room().wait("the MachineSets moved", async () =>
      [...(await machineSetTemplates(room())).values()].every((template) => template.endsWith(releaseB)),
    );
  });

  test("a new Machine of it is a node whose agent tells what it was flashed with, and is Verified", async () => {
    const [zone] = zones as [Zone];
    await scale(room(), machineSetName(zone), 1);
    await room().wait("a node of the Machine", async () => room().lab.realRoom?.nodes.size === 1);
    const [name = ""] = room().lab.realRoom?.nodes.keys() ?? [];
    await verdictOf(room(), name, "Verified");
    const { report, annotations } = await nodeOf(room(), name);
    expect(report?.bootImage?.release).toBe(releaseB);
    expect(annotations[nodeAnnotations.bootImageCheck]).toBe("Match");
  });

  test("a staged update is told of while it waits, and each container has the memory that it requests", async () => {
    for (const change of ["one", "another"].map(osDigest)) {
      await room().worker.stage(osImage(change), "9.9.20261201-0");
      await room().wait("the change told", async () => {
        return (await nodeOf(room(), room().worker.name)).report?.staged?.digest === change;
      });
    }
    const { signal } = room().lab.ground;
    for (const pod of [await room().agent(room().worker.name), ...(await room().pods(controllerName))]) {
      const used = await until({ signal, what: "statistics", within: 60_000 }, () => workingSetOf(room(), pod));
      const requested = /^(\d+)Mi$/.exec(pod.spec.containers[0].resources.requests.memory)?.[1];
      expect(used).toBeGreaterThan(10);
      expect(used).toBeLessThanOrEqual(Number(requested));
    }
  });

  test("the metrics of both are told to who shows Prometheus's certificate, under the name of its Service", async () => {
    const client = await room().lab.ground.authority.issue(metricsClient);
    for (const [app, port] of [
      [agentName, 9101],
      [controllerName, 9102],
    ] as const) {
      const [pod] = await room().pods(app);
      const at = { host: pod?.status.podIP ?? "", port, servername: `${app}.${namespace}.svc` };
      const ca = room().lab.ground.authority.certificate;
      await room().wait(`metrics of ${app}`, async () =>
        (await scrape({ ...at, ca, ...client })).includes("bootwarden_"),
      );
      await expect(scrape({ ...at, ca })).rejects.toThrow("401");
    }
  });
}
