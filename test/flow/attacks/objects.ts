// The objects that attacks are made on, and the small parts of which they are made.
import {
  agentAnnotations,
  agentName,
  controllerName,
  machineSetAnnotations,
  namespace,
  nodeAnnotations,
  nodeLabels,
} from "../../../common/annotations.ts";
import { installedTemplate, machineSetName, type Zone, zones } from "../../lab/topology.ts";

const [zone, oldZone] = zones as [Zone, Zone];

export const { report, bootedDigest, bootedImage, bootedVersion, stagedDigest, bootImage } = agentAnnotations;
export const { verdict, osDigest } = nodeLabels;
export const { verdictReason, verdictMessage, bootImageCheck } = nodeAnnotations;
export const { previousTemplate, hold } = machineSetAnnotations;

export const nodes = "/api/v1/nodes";
export const machineSets = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machinesets";
/** Paths of Nodes and MachineSets, written under the name of the agent and of the controller. */
export const byAgent = `fieldManager=${agentName}`;
export const byController = `fieldManager=${controllerName}`;
export const own = `${nodes}/own?${byAgent}`;
export const other = `${nodes}/other?${byAgent}`;
export const set = `${machineSets}/${machineSetName(zone)}?${byController}`;
export const oldSet = `${machineSets}/${machineSetName(oldZone)}?${byController}`;
export const setTemplate = installedTemplate(zone);
export const oldSetTemplate = installedTemplate(oldZone);
export const pods = `/api/v1/namespaces/${namespace}/pods`;
export const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
export const rbac = "/apis/rbac.authorization.k8s.io/v1";
export const admission = "/apis/admissionregistration.k8s.io/v1";

export const sha = `sha256:${"1f".repeat(32)}`;
export const notes = (annotations: Record<string, unknown> | null) => ({ metadata: { annotations } });
export const labels = (labels: Record<string, unknown> | null) => ({ metadata: { labels } });
export const taints = [{ key: "evil", effect: "NoExecute" }];
/** Those of the victims; the second is the API server's own. */
export const keptTaints = [
  { key: "kept", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
];
export const owners = [{ apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }];
/** A Node for server-side apply, or for a PUT. */
export const node = (fields: { metadata?: object; [field: string]: unknown } = {}, name = "own") => {
  const { metadata, ...others } = fields;
  return { apiVersion: "v1", kind: "Node", ...others, metadata: { name, ...metadata } };
};
/** A JSON pointer into a Node's annotations or labels. */
export const at = (key: string, map = "annotations") => `/metadata/${map}/${key.replaceAll("/", "~1")}`;
/** A change of a MachineSet's provider spec, as a merge patch. */
export const provider = (value: unknown) => ({ spec: { template: { spec: { providerSpec: { value } } } } });
export const machineSpec = (spec: unknown) => ({ spec: { template: { spec } } });
/** An entry of managedFields. */
export const entry = (manager: string, fieldsV1: unknown, operation = "Update") => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1,
});
