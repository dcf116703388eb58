// The clone of a template to another place: a powered-off VM, to be marked as a template afterwards.
import { Reference, readAnswer } from "./answer.ts";
import { networkCard } from "./devices.ts";
import { diskCopies } from "./disk-copy.ts";
import { element, referenceElement, typedElement, type Xml } from "./element.ts";
import type { DiskProvisioning } from "./import-spec.ts";
import { type Markers, markerElements } from "./markers.ts";
import { networkBacking } from "./network-backing.ts";
import type { ResolvedPlace } from "./place.ts";
import type { Session } from "./session.ts";
import { runTask } from "./task.ts";

const cloneMilliseconds = 3_600_000;

export interface CloneRequest {
  source: Reference;
  name: string;
  place: ResolvedPlace;
  markers: Markers;
  /** How the disk is laid out; left out: as the source's. */
  diskProvisioning?: DiskProvisioning | undefined;
  /** Told from time to time, in percent. */
  onProgress: (percent: number) => void;
}

/**
 * Clones as a VM, not as a template: OpenShift's vCenter account may do that (VirtualMachine.Provisioning.Clone and
 * DeployTemplate) and no more. The card goes to the place's network, the markers are there from birth.
 */
export async function cloneVirtualMachine(session: Session, request: CloneRequest): Promise<Reference> {
  const { source, name, place } = request;
  const what = `Cloning ${source.value} to ${place.folderPath}/${name}`;
  const location = element("location", [
    referenceElement("datastore", place.datastore),
    referenceElement("pool", place.resourcePool),
    referenceElement("host", place.host),
    ...(await diskCopies(session, source, { datastore: place.datastore, layout: request.diskProvisioning })),
    await cardEdit(session, source, place.network),
  ]);
  const config = element("config", markerElements(request.markers));
  const spec = element("spec", [location, element("template", false), config, element("powerOn", false)]);
  const fields = [referenceElement("folder", place.folder), element("name", name), spec];
  const { onProgress } = request;
  const waiting = { what, milliseconds: cloneMilliseconds, onProgress };
  return readAnswer(Reference, await runTask(session, ["CloneVM_Task", { on: source, fields }], waiting), what);
}

/** Sets the one network card to the place's network, keeping its kind and key. */
async function cardEdit(session: Session, source: Reference, network: Reference): Promise<Xml> {
  const { type, key } = await networkCard(session, source);
  const device = typedElement("device", type, [element("key", key), await networkBacking(session, network)]);
  return element("deviceChange", [element("operation", "edit"), device]);
}
