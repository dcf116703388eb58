// The objects by which an admin of the lab tells bootwarden what to do.
import { namespace } from "../../common/annotations.ts";
import type { KubeObject } from "./api.ts";

/** The CA bundle of vCenters and mirror, and a policy that manages every MachineSet. */
export function policyObjects(
  server: string | readonly string[],
  caCertificate: string,
  mode = "Manage",
): KubeObject[] {
  const caBundle = { name: "lab-ca", namespace, key: "ca-bundle.crt" };
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace, name: caBundle.name },
      data: { [caBundle.key]: caCertificate },
    },
    {
      apiVersion: "bootwarden.io/v1alpha1",
      kind: "BootImagePolicy",
      metadata: { name: "cluster" },
      spec: {
        mode,
        selection: { mode: "All" },
        imageSource: { caBundle },
        vcenters: [server].flat().map((one) => ({ server: one, caBundle })),
      },
    },
  ];
}
