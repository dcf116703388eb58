// The installer's part in vCenter: the templates of the release that the cluster was installed with.
import { createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Ground } from "./ground.ts";
import { ovaOf } from "./ova.ts";
import { folder, installedTemplate, type Zone, zones } from "./topology.ts";
import type { VCenter } from "./vcenter.ts";

/** Imports a boot image of `release` as the template of each zone, with govc. */
export async function installTemplates(
  ground: Ground,
  vcenter: VCenter,
  { release, into = zones }: { release: string; into?: readonly Zone[] },
): Promise<void> {
  const ova = join(ground.directory, `installer-${vcenter.port}.ova`);
  const { bytes } = ovaOf({ release, diskBytes: 1024 * 1024 });
  await pipeline(Readable.from(bytes(), { objectMode: false }), createWriteStream(ova));
  for (const zone of into) {
    const options = join(ground.directory, `installer-${vcenter.port}.json`);
    const mapping = [{ Name: "VM Network", Network: zone.network }];
    await writeFile(
      options,
      JSON.stringify({ DiskProvisioning: "thin", NetworkMapping: mapping, MarkAsTemplate: true, PowerOn: false }),
    );
    const where = [`-ds=${zone.datastore}`, `-pool=${zone.resourcePool}`, `-folder=${folder}`];
    await vcenter.govc("import.ova", ...where, `-options=${options}`, `-name=${installedTemplate(zone)}`, ova);
  }
  await rm(ova);
}
