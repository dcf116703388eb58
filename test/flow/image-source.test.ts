// The image source as the policy names it: one URL or a mirror, and what is wrong with either.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { expectFailure, expectRecovery } from "./fault-stage.ts";
import { caBundle, degraded, setA, setSource, statusOf, untilNamed } from "./image-sources.ts";
import { inFolder, release, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const [named, further, mirrored] = ["9.8.20261201-0", "9.8.20261202-0", "9.8.20261205-0"];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

describe("a url", () => {
  test("whose image is of another release than is said is refused, and nothing is left of it", async () => {
    const { url, sha256 } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path: "/chosen.ova" });
    const before = await machineSetTemplates(stage);
    await setSource(stage, { url, sha256, release: further, caBundle });
    await expectFailure(stage, {
      reason: "DescriptorInvalid",
      object: setA,
      condition: degraded,
      remedy: new RegExp(`its product version is ${named}, not ${further}`),
    });
    expect(await machineSetTemplates(stage)).toEqual(before);
    expect((await inFolder(stage)).filter((name) => name.includes(further) || name.includes("import"))).toEqual([]);
  });

  test("with another sha256 than is said is refused, and nothing is left of it", async () => {
    const { url } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path: "/chosen.ova" });
    await setSource(stage, { url, sha256: "ab".repeat(32), release: named, caBundle });
    await expectFailure(stage, {
      reason: "ChecksumMismatch",
      object: setA,
      condition: degraded,
      remedy: /expected was/,
    });
    await until({ signal: stage.signal, what: "nothing left" }, async () =>
      (await inFolder(stage)).every((name) => !name.includes(named) && !name.includes("import")),
    );
  });

  test("that is as it is said is what MachineSets get, whatever the cluster's release has", async () => {
    await release(stage, further);
    const path = "/chosen.ova?key=hidden";
    const { url, sha256 } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path });
    await setSource(stage, { url, sha256: sha256.toUpperCase(), release: named, caBundle });
    await untilNamed(stage, templateOf(zoneA, named), templateOf(zoneB, named));
    await expectRecovery(stage);
    const { target } = await statusOf(stage);
    expect(target).toEqual({ release: named, version: "4.20.14", sha256, url: url.replace("?key=hidden", "") });
  });
});

test("a CA bundle that is not there is said", async () => {
  await setSource(stage, { mirror: stage.lab.mirror.origin, caBundle: { name: "none", key: "ca.crt" } });
  const remedy = /ConfigMap bootwarden\/none has no PEM certificates/;
  await expectFailure(stage, { reason: "CABundleMissing", object: setA, condition: degraded, remedy });
});

test("a mirror has each file of the release under its own name, and no other server is asked", async () => {
  const { mirror, api } = stage.lab;
  const path = `/copies/rhcos-${mirrored}-vmware.x86_64.ova`;
  const { sha256 } = mirror.publish({ release: mirrored, diskBytes: 1_000_000, path });
  const url = `https://releases.invalid/art/${mirrored}/rhcos-${mirrored}-vmware.x86_64.ova?sig=1`;
  await setSource(stage, { mirror: `${mirror.origin}/copies/`, caBundle });
  await api.apply(bootImages("4.20.15", { release: mirrored, url, sha256 }));
  await untilNamed(stage, templateOf(zoneA, mirrored), templateOf(zoneB, mirrored));
  await until({ signal: stage.signal, what: "the mirror in the status" }, async () => {
    return (await statusOf(stage)).target.url === `${mirror.origin}${path}`;
  });
});
