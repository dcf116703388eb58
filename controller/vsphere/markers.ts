// The markers that say of a template that we made it, and of what: extraConfig of the VM, there from its birth.
import { z } from "zod";
import { element, typedElement, type Xml } from "./element.ts";

export interface Markers {
  /** infrastructureName of the cluster that it was made for. */
  cluster: string;
  /** The boot image's release. */
  release: string;
  /** Of the OVA, in hex. */
  sha256: string;
  /** The final name of the template. */
  name: string;
  /** The name that it has until it is done. */
  temp: string;
}

const keys = ["cluster", "release", "sha256", "name", "temp"] as const;

/**
 * Property paths that read the markers by key. Never the whole extraConfig: that of a live node holds its Ignition secrets.
 * (vSphere API, "Property paths": an element of an array with a key is `array["key"]`.)
 */
export const markerPaths: readonly string[] = keys.map(pathOf);

/** The markers as extraConfig of a VirtualMachineConfigSpec. */
export function markerElements(markers: Markers): Xml[] {
  return keys.map((key) =>
    typedElement("extraConfig", "OptionValue", [
      element("key", `bootwarden.${key}`),
      typedElement("value", "xsd:string", markers[key]),
    ]),
  );
}

/** The markers among properties that were read by `markerPaths`; null unless all are there. */
export function markersOf(properties: Record<string, unknown>): Markers | null {
  const values = keys.map((key) => [key, OptionText.safeParse(properties[pathOf(key)]).data?.value]);
  return Marked.safeParse(Object.fromEntries(values)).data ?? null;
}

function pathOf(key: (typeof keys)[number]): string {
  return `config.extraConfig["bootwarden.${key}"]`;
}

const OptionText = z.object({ value: z.string() });
const Text = z.string().min(1).max(1024);
const Marked = z.object({ cluster: Text, release: Text, sha256: Text, name: Text, temp: Text });
