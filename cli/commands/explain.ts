// The command `explain`: the chain from the release to the verdict, link by link.
import { staleBanner } from "../banners.ts";
import type { Command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type Found, findSubjects } from "../explain/find-subjects.ts";
import type { Link, Seen } from "../explain/link.ts";
import { machineSetChain } from "../explain/machine-set-chain.ts";
import { nodeChain } from "../explain/node-chain.ts";
import { readCluster, readMachineSetChain, readNodeChain } from "../explain/read-chain.ts";
import { releaseLinks } from "../explain/release-links.ts";
import { subjectOf } from "../explain/subject.ts";
import { chainBlocks, isBroken } from "../explain/view.ts";
import type { Api } from "../kube/api.ts";
import { type Lack, lackBlocks } from "../lack.ts";
import { readLeaderIfAllowed } from "../read-leader.ts";
import type { MachineSetFacts } from "../read-machines.ts";
import type { PolicyFacts } from "../read-policy.ts";
import { gap, text } from "../text/screen.ts";

export const explain: Command = {
  name: "explain",
  kind: "Look",
  arguments: ["NAME"],
  flags: [],
  summary: "Why a Node, Machine or MachineSet is as it is: the chain from the release to the verdict.",
  about: [
    "NAME is a Node, a MachineSet or a Machine; node/NAME, machineset/NAME and machine/NAME say which. Where the chain breaks, what to do is said.",
  ],
  examples: [
    { does: "Why is this node red?", line: "kubectl bootwarden explain worker-a-x7k2p" },
    { does: "Why does this MachineSet not move?", line: "kubectl bootwarden explain machineset/worker-a" },
  ],
  run: async ({ arguments: [argument = ""] }, session) => {
    const subject = subjectOf(argument);
    const api = await session.api();
    const lacks: Lack[] = [];
    const [chains, leader] = await Promise.all([
      readChains(api, await findSubjects(api, subject, lacks), lacks),
      readLeaderIfAllowed(api),
    ]);
    const several = chains.length > 1 ? [text(`${subject.name} is the name of ${chains.length} things:`), gap] : [];
    await session.print([
      ...staleBanner({ policy: chains[0]?.policy, leader, now: session.now() }),
      gap,
      ...several,
      ...chains.flatMap(({ title, links }, at) => [...(at === 0 ? [] : [gap]), ...chainBlocks(title, links)]),
    ]);
    await session.tell(lackBlocks(unique(lacks)));
    return code(
      chains.some(({ links }) => isBroken(links)),
      lacks,
    );
  },
};

interface Chain {
  title: string;
  links: Link[];
  policy: Seen<PolicyFacts>;
}

async function readChains(api: Api, { found, machineSet }: Found, lacks: Lack[]): Promise<Chain[]> {
  const chains = await Promise.all([
    ...found.map(async ({ title, ...one }) => {
      const facts = await readNodeChain(api, one, lacks);
      return { title, links: nodeChain(facts), policy: facts.policy };
    }),
    ...(machineSet === null ? [] : [ofMachineSet(api, machineSet, lacks)]),
  ]);
  if (chains.length > 0) return chains;
  // Where a right to the thing itself is missing, what is known of the cluster is still shown.
  const cluster = await readCluster(api, lacks);
  return [{ title: "The cluster", links: releaseLinks(cluster), policy: cluster.policy }];
}

async function ofMachineSet(api: Api, machineSet: MachineSetFacts, lacks: Lack[]): Promise<Chain> {
  const facts = await readMachineSetChain(api, machineSet, lacks);
  return { title: `MachineSet ${machineSet.name}`, links: machineSetChain(facts), policy: facts.policy };
}

function code(broken: boolean, lacks: readonly Lack[]): ExitCode {
  if (broken) return exitCodes.attention;
  return lacks.length > 0 ? exitCodes.noPermission : exitCodes.done;
}

function unique(lacks: readonly Lack[]): Lack[] {
  return [...new Map(lacks.map((lack) => [lack.what, lack])).values()];
}
