// The scraped pods: those of both programs as the API server has them, with their Services' endpoints, and where each really listens.
import { z } from "zod";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { endpointsOf } from "./endpoints.ts";
import type { MonitoringStage } from "./stage.ts";

const Pod = z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ nodeName: z.string() }) });

const Deployment = z.object({
  spec: z.object({ template: z.object({ metadata: z.looseObject({}), spec: z.looseObject({}) }) }),
});

/** Writes the endpoints; resolves with the addresses of each program's pods, `10.…:port`, and where they listen. */
export async function publishPods(
  { lab, room, controller }: MonitoringStage,
  extra: ReadonlyMap<string, string>,
): Promise<{ agents: Map<string, string>; controllers: Map<string, string>; others: Map<string, string> }> {
  const { api } = lab;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const deployment = await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${controllerName}`);
  const { metadata, spec } = Deployment.parse(deployment).spec.template;
  const controllerPod = { ...metadata, name: `${controllerName}-0`, namespace };
  await api.apply({ apiVersion: "v1", kind: "Pod", metadata: controllerPod, spec });
  const found = (await api.list(`${pods}?labelSelector=app.kubernetes.io/name=${agentName}`)).map((pod) =>
    Pod.parse(pod),
  );
  const agents = found.map(({ metadata, spec }, at) => ({
    pod: metadata.name,
    node: spec.nodeName,
    ip: `10.128.0.${at + 10}`,
  }));
  for (const object of endpointsOf(agentName, 9101, agents)) await api.apply(object);
  const ip = "10.128.1.10";
  for (const object of endpointsOf(controllerName, 9102, [{ pod: `${controllerName}-0`, ip }])) await api.apply(object);
  const listening = (node: string) =>
    extra.get(node) ?? new URL(room.nodes.get(node)?.metrics ?? "http://missing").host;
  const addresses = (some: typeof agents) => new Map(some.map((one) => [`${one.ip}:9101`, listening(one.node)]));
  return {
    agents: addresses(agents.filter(({ node }) => !extra.has(node))),
    others: addresses(agents.filter(({ node }) => extra.has(node))),
    controllers: new Map([[`${ip}:9102`, new URL(controller.metrics).host]]),
  };
}
