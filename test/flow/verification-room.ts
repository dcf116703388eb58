// The room of the verification: a small fleet with the controller, what stands on its Nodes, and what the controller does for it.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { nodeAnnotations } from "../../common/annotations.ts";
import type { Report } from "../../common/report.ts";
import type { Api, KubeObject } from "../lab/api.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { type FleetLab, openFleetLab } from "../lab/fleet/fleet-lab.ts";
import type { Member } from "../lab/fleet/member.ts";
import { reportAnnotations } from "../lab/fleet/report.ts";
import { until } from "../lab/until.ts";

export interface VerificationRoom {
  lab: FleetLab;
  api: Api;
  signal: AbortSignal;
  controller: ControllerProgram;
  member: (index: number) => Member;
  /** Resolves with the Node when its verdict has this reason. */
  comesTo: (member: Member, reason: string, within?: number) => Promise<KubeObject>;
  report: (member: Member, report: Report) => Promise<void>;
  doings: () => Promise<Doings>;
  close: () => Promise<void>;
}

/** What the controller has done so far. */
interface Doings {
  /** Evaluations, of all Nodes and of some. */
  all: number;
  some: number;
  /** Of vCenter. */
  calls: number;
  /** Verb and address of each. */
  writes: string[];
}

/** Opens it with so many Nodes, all of them Verified. */
export async function openVerificationRoom(nodes: number): Promise<VerificationRoom> {
  const { signal } = new AbortController();
  const lab = await openFleetLab({ machineSets: 2, say: console.error }, signal);
  await lab.grow(nodes);
  const { ground, api, controlPlane } = lab;
  const controller = await startController({ ground, api, url: controlPlane.url });
  const comesTo = (member: Member, reason: string, within = 30_000) =>
    until({ signal, what: `${member.name}: ${reason}`, within }, async () => {
      const node = await api.get(pathOf(member));
      const is = node?.metadata.annotations?.[nodeAnnotations.verdictReason];
      if (is === reason) return node;
      throw new Error(`it says ${is}`);
    });
  await Promise.all(lab.members.map((member) => comesTo(member, "DigestMatch")));
  return {
    lab,
    api,
    signal,
    controller,
    member: (index) => {
      const member = lab.members[index];
      if (member === undefined) throw new TypeError("there are not so many");
      return member;
    },
    comesTo,
    report: async (member, report) => {
      await api.merge(pathOf(member), { metadata: { annotations: reportAnnotations(report) } });
    },
    doings: () => doings(lab, controller),
    close: async () => {
      await controller.stop();
      await lab.close();
    },
  };
}

export function pathOf({ name }: Pick<Member, "name">): string {
  return `/api/v1/nodes/${name}`;
}

const Request = z.object({ verb: z.string(), requestURI: z.string() });

async function doings({ controlPlane, vcenter }: FleetLab, { metrics }: ControllerProgram): Promise<Doings> {
  const text = await (await fetch(metrics)).text();
  const count = (scope: string) =>
    Number(new RegExp(`^bootwarden_evaluation_seconds_count\\{scope="${scope}"\\} (\\d+)`, "m").exec(text)?.[1] ?? 0);
  const linesOf = async (file: string) => (await readFile(file, "utf8")).split("\n");
  const requests = (await linesOf(controlPlane.auditLog)).filter((line) => line.includes("bootwarden-controller"));
  const writes = requests.flatMap((line) => {
    const { verb, requestURI } = Request.parse(JSON.parse(line));
    // Its Lease it renews all the time.
    return ["get", "list", "watch"].includes(verb) || requestURI.includes("/leases") ? [] : [`${verb} ${requestURI}`];
  });
  const calls = await linesOf(vcenter.trace);
  return { all: count("All"), some: count("Some"), calls: calls.length, writes };
}
