// The import spec: what vCenter makes of an OVF descriptor, as it wrote it, with our markers spliced in.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
import { element, referenceElement, type Xml } from "./element.ts";
import { VimFault } from "./fault.ts";
import { type Markers, markerElements } from "./markers.ts";
import type { Session } from "./session.ts";
import { spliceExtraConfig } from "./splice.ts";

/** How the disk is laid out; what is left out is decided by the datastore's policy. */
export type DiskProvisioning = "thin" | "thick" | "eagerZeroedThick";

export interface ImportRequest {
  /** The OVF document. */
  descriptor: string;
  /** The VM's name. */
  name: string;
  resourcePool: Reference;
  datastore: Reference;
  host: Reference;
  /** The descriptor's network, and the one of the place. */
  network: { name: string; reference: Reference };
  diskProvisioning?: DiskProvisioning | undefined;
  markers: Markers;
}

export interface ImportSpec {
  /** The field `spec` of ImportVApp. */
  spec: Xml;
  /** Namespaces that it needs declared above it. */
  namespaces: Record<string, string>;
  /** What vCenter has to remark on the descriptor. */
  warnings: string[];
}

/** Asks vCenter for the spec. Throws VimFault; DescriptorInvalid if vCenter refuses the descriptor. */
export async function createImportSpec(session: Session, request: ImportRequest): Promise<ImportSpec> {
  const mapping = [element("name", request.network.name), referenceElement("network", request.network.reference)];
  const provisioning = request.diskProvisioning;
  const fields = [
    element("ovfDescriptor", request.descriptor),
    referenceElement("resourcePool", request.resourcePool),
    referenceElement("datastore", request.datastore),
    element("cisp", [
      element("locale", ""),
      element("deploymentOption", ""),
      element("entityName", request.name),
      referenceElement("hostSystem", request.host),
      element("networkMapping", mapping),
      provisioning === undefined ? undefined : element("diskProvisioning", provisioning),
    ]),
  ];
  const { value, xml } = await session.call("CreateImportSpec", { on: session.content.ovfManager, fields });
  const what = `Import spec of ${request.name} at vCenter ${session.server}`;
  const { error, warning } = readAnswer(Result, value, what);
  if (error.length > 0) {
    throw new VimFault(
      "DescriptorInvalid",
      `vCenter ${session.server} refuses the OVF descriptor: ${error.join("; ")}`,
    );
  }
  return { ...spliceExtraConfig(xml, markerElements(request.markers)), warnings: warning };
}

const Remark = z.object({ localizedMessage: z.string().catch("no explanation") }).transform((m) => m.localizedMessage);
const Result = z.object({ error: listOf(Remark), warning: listOf(Remark) });
