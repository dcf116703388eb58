// The command `explain`: the chain from the release to the verdict, link by link.
import type { Command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { findSubjects } from "../explain/find-subjects.ts";
import { machineSetChain } from "../explain/machine-set-chain.ts";
import { nodeChain } from "../explain/node-chain.ts";
import { readCluster, readMachineSetChain, readNodeChain } from "../explain/read-chain.ts";
import { releaseLinks } from "../explain/release-links.ts";
import { subjectOf } from "../explain/subject.ts";
import { chainBlocks, isBroken } from "../explain/view.ts";
import { type Lack, lackBlocks } from "../lack.ts";
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
    const { found, machineSet } = await findSubjects(api, subject, lacks);
    const chains = [
      ...(await Promise.all(
        found.map(async ({ title, ...one }) => ({ title, links: nodeChain(await readNodeChain(api, one, lacks)) })),
      )),
      ...(machineSet === null
        ? []
        : [
            {
              title: `MachineSet ${machineSet.name}`,
              links: machineSetChain(await readMachineSetChain(api, machineSet, lacks)),
            },
          ]),
    ];
    // Where a right to the thing itself is missing, what is known of the cluster is still shown.
    if (chains.length === 0) chains.push({ title: "The cluster", links: releaseLinks(await readCluster(api, lacks)) });
    const several = chains.length > 1 ? [text(`${subject.name} is the name of ${chains.length} things:`), gap] : [];
    await session.print([
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

function code(broken: boolean, lacks: readonly Lack[]): ExitCode {
  if (broken) return exitCodes.attention;
  return lacks.length > 0 ? exitCodes.noPermission : exitCodes.done;
}

function unique(lacks: readonly Lack[]): Lack[] {
  return [...new Map(lacks.map((lack) => [lack.what, lack])).values()];
}
