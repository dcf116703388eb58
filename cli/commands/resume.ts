// The command `resume`: lets a halted rollout, or a MachineSet that is held or contested, go on.
import { machineSetAnnotations, policyAnnotations } from "../../common/annotations.ts";
import type { Command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Api } from "../kube/api.ts";
import { resources } from "../kube/resource.ts";
import { type Lack, lackBlocks, orLack } from "../lack.ts";
import { machineSetNamed } from "../machine-set-named.ts";
import { policyResumePatch, resumePatch, resumeTime } from "../machine-set-patch.ts";
import { policyName, readPolicy } from "../read-policy.ts";
import { requirePolicy } from "../require-policy.ts";
import type { Session } from "../session.ts";
import { text } from "../text/screen.ts";
import { good } from "../text/span.ts";

export const resume: Command = {
  name: "resume",
  kind: "Act",
  arguments: ["[MACHINESET]"],
  flags: [],
  summary: "Let a halted rollout go on, or a MachineSet that is on hold or contested.",
  about: [
    "Without a name it releases the brake: bootwarden.io/resumed-at on the policy. With a name it takes bootwarden.io/hold away and, if moves of that MachineSet were taken back, forgets that they were.",
  ],
  examples: [
    { does: "After the cause of a halt is mended", line: "kubectl bootwarden resume" },
    { does: "End a hold, or a contest", line: "kubectl bootwarden resume worker-a" },
  ],
  run: async ({ arguments: [name] }, session) => {
    const api = await session.api();
    return name === undefined ? await release(api, session) : await resumeOne(api, session, name);
  },
};

async function release(api: Api, session: Session): Promise<ExitCode> {
  const { status, resumedAt } = await requirePolicy(api);
  const halted = status?.rollout?.halted;
  if (halted === undefined) {
    await session.print([text("The rollout is not halted; nothing was changed.")]);
    return exitCodes.done;
  }
  const at = resumeTime(halted.since, { said: resumedAt, now: session.now() });
  if (at === null) {
    await session.print([
      text(`It was said at ${resumedAt} already, and the controller has yet to take it up; nothing was changed.`),
    ]);
    return exitCodes.done;
  }
  const body = policyResumePatch(at);
  await api.patch({ resource: resources.policies, name: policyName, type: "merge-patch", body, dryRun: false });
  const said = `The rollout goes on (${policyAnnotations.resumedAt}=${at} on BootImagePolicy ${policyName}). It had halted: ${halted.message ?? ""}`;
  await session.print([text([good("resumed "), said])]);
  return exitCodes.done;
}

async function resumeOne(api: Api, session: Session, typed: string): Promise<ExitCode> {
  const lacks: Lack[] = [];
  const [machineSet, policy] = await Promise.all([
    machineSetNamed(api, typed),
    orLack(lacks, "Whether its moves were taken back", () => readPolicy(api)),
  ]);
  const { name, held, resumedAt } = machineSet;
  const contested = policy?.status?.machineSets.find((set) => set.name === name)?.contested;
  const at = contested === undefined ? null : resumeTime(contested.last, { said: resumedAt, now: session.now() });
  if (!held && at === null) {
    await session.print([text(`MachineSet ${name} is neither on hold nor contested; nothing was changed.`)]);
    await session.tell(lackBlocks(lacks));
    return lacks.length > 0 ? exitCodes.noPermission : exitCodes.done;
  }
  const body = resumePatch({ release: held, at });
  await api.patch({ resource: resources.machineSets, name, type: "merge-patch", body, dryRun: false });
  const done = [
    ...(held ? [`${machineSetAnnotations.hold} was taken away`] : []),
    ...(at === null
      ? []
      : [`${machineSetAnnotations.resumedAt}=${at}: what ${contested?.manager ?? "others"} took back is forgotten`]),
  ];
  await session.print([
    text([good("resumed "), `MachineSet ${name}: ${done.join("; ")}. bootwarden moves it when it is behind.`]),
  ]);
  await session.tell(lackBlocks(lacks));
  return exitCodes.done;
}
