// The command `rollback`: a MachineSet, or all that a halted rollout has moved, back to the template before.
import { Failure, failureOf } from "../../common/failure.ts";
import { ApiError } from "../../common/kube/request.ts";
import type { Command } from "../command.ts";
import type { CommandLine } from "../command-line.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Api } from "../kube/api.ts";
import { resources } from "../kube/resource.ts";
import { RightMissing } from "../kube/right-missing.ts";
import { type Lack, lackBlocks, orLack } from "../lack.ts";
import { machineSetNamed } from "../machine-set-named.ts";
import { rollbackPatch } from "../machine-set-patch.ts";
import { type MachineSetFacts, readMachineSet } from "../read-machines.ts";
import { type PolicyStatus, readPolicy } from "../read-policy.ts";
import { rollbackBlocks } from "../rollback-view.ts";
import type { Session } from "../session.ts";
import { text } from "../text/screen.ts";
import { bad, good } from "../text/span.ts";
import { UsageError } from "../usage-error.ts";
import { RollbackError, type WayBack, wayBack, wayTo } from "../way-back.ts";

export const rollback: Command = {
  name: "rollback",
  kind: "Act",
  arguments: ["[MACHINESET]"],
  flags: ["all", "yes", "dry-run"],
  summary: "Hold a MachineSet and point it back at the template that it named before its last move.",
  about: [
    "One patch sets bootwarden.io/hold and the template of bootwarden.io/previous-template, and only if the MachineSet still names what is shown. Machines that exist are not touched; `resume MACHINESET` lets it move on again.",
    "With --all, every MachineSet that a halted rollout had moved goes back to what it named before.",
  ],
  examples: [
    { does: "Look, answer, done", line: "kubectl bootwarden rollback worker-a" },
    {
      does: "Have the API server check it, without a change",
      line: "kubectl bootwarden rollback worker-a --dry-run=server --yes",
    },
    { does: "After a halt", line: "kubectl bootwarden rollback --all" },
  ],
  run: async ({ arguments: [name], flags }, session) => {
    const dryRun = isDry(flags);
    if ((name === undefined) === (flags.all === undefined))
      throw new UsageError("Name one MachineSet, or say --all.", "rollback");
    const api = await session.api();
    const lacks: Lack[] = [];
    const policy = await orLack(lacks, "Whether the template is still there", () => readPolicy(api));
    const ways =
      name === undefined
        ? await allWays(api, policy?.status ?? null, lacks)
        : [await oneWay(api, name, policy?.status ?? null)];
    return await go(ways, { api, session, lacks, dryRun, agreed: flags.yes !== undefined });
  },
};

interface Planned {
  machineSet: MachineSetFacts;
  /** Why it cannot go back, or need not. */
  way: WayBack | Failure | "Done";
}

async function oneWay(api: Api, name: string, status: PolicyStatus | null): Promise<Planned> {
  const machineSet = await machineSetNamed(api, name);
  const way = wayBack(machineSet, status);
  return { machineSet, way: isDone(way) ? "Done" : way };
}

/** What the halted rollout had moved, each to what it named before. Throws RollbackError where nothing is halted. */
async function allWays(api: Api, status: PolicyStatus | null, lacks: readonly Lack[]): Promise<Planned[]> {
  const right = lacks.find((lack) => lack.right !== null)?.right;
  if (right) throw right;
  const halted = status?.rollout?.halted;
  if (halted === undefined)
    throw new RollbackError("NotHalted", "The rollout is not halted: name the MachineSet that is to go back.");
  const ways = halted.moved.map(async ({ machineSet: name, template, previousTemplate }): Promise<Planned | null> => {
    const machineSet = await readMachineSet(api, name);
    if (machineSet === null) return null;
    return { machineSet, way: way(machineSet, { template, to: previousTemplate, status }) };
  });
  return (await Promise.all(ways)).filter((one) => one !== null);
}

function way(
  machineSet: MachineSetFacts,
  { template, to, status }: { template: string; to: string; status: PolicyStatus | null },
): Planned["way"] {
  try {
    const back = wayTo(machineSet, to, status);
    if (isDone(back)) return "Done";
    if (back.from === template || back.from === to) return back;
    const message = `MachineSet ${machineSet.name} names ${back.from ?? "nothing"}, no longer ${template}: somebody has changed it since.`;
    return new RollbackError("MachineSetChanged", message);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function isDone({ from, to, hold }: WayBack): boolean {
  return from === to && !hold;
}

interface Going {
  api: Api;
  session: Session;
  lacks: readonly Lack[];
  dryRun: boolean;
  agreed: boolean;
}

async function go(planned: readonly Planned[], { api, session, lacks, dryRun, agreed }: Going): Promise<ExitCode> {
  const open = planned.flatMap(({ machineSet, way: one }) =>
    one === "Done" || one instanceof Failure ? [] : [{ machineSet, way: one }],
  );
  const refused = planned.flatMap(({ way: one }) => (one instanceof Failure ? [one] : []));
  await session.print(rollbackBlocks(planned.map(({ machineSet, way: one }) => ({ name: machineSet.name, way: one }))));
  await session.tell(lackBlocks(lacks));
  if (open.length > 0 && !agreed) await confirm(session, open.length);
  const failed: unknown[] = [];
  for (const { machineSet, way: one } of open) {
    const told = await patch(api, machineSet, { way: one, dryRun }).then(
      () => [
        good("done"),
        `: ${machineSet.name} names ${one.to} and is on hold.${dryRun ? " (checked by the API server, not kept)" : ""}`,
      ],
      (error: unknown) => {
        failed.push(error);
        return [bad("refused"), `: ${failureOf(error).message}`];
      },
    );
    await session.print([text(told)]);
  }
  const right = failed.find((error) => error instanceof RightMissing);
  if (right !== undefined) throw right;
  return failed.length + refused.length > 0 ? exitCodes.failed : exitCodes.done;
}

async function confirm(session: Session, count: number): Promise<void> {
  const what = count === 1 ? "it" : `these ${count}`;
  if (!session.isInteractive)
    throw new RollbackError(
      "NotConfirmed",
      "Nobody is there to be asked (no terminal), and nothing was changed: say --yes.",
    );
  if (!(await session.ask(`Hold ${what} and go back? [y/N] `)))
    throw new RollbackError("NotConfirmed", "Nothing was changed.");
}

async function patch(
  api: Api,
  machineSet: MachineSetFacts,
  { way: one, dryRun }: { way: WayBack; dryRun: boolean },
): Promise<void> {
  const { name } = machineSet;
  const body = rollbackPatch(one, machineSet);
  await api
    .patch({ resource: resources.machineSets, name, type: "json-patch", body, dryRun })
    .catch((cause: unknown) => {
      // An API server answers a failed `test` with 422 and "the server rejected our request due to an error in our request".
      if (!(cause instanceof ApiError) || cause.status !== 422 || !/rejected our request/.test(cause.message))
        throw cause;
      const message = `MachineSet ${name} names another template by now, or was changed at this moment: look again.`;
      throw new RollbackError("MachineSetChanged", message, { cause });
    });
}

/** Throws UsageError. */
function isDry(flags: CommandLine["flags"]): boolean {
  const value = flags["dry-run"] ?? "none";
  if (value === "server" || value === "none") return value === "server";
  throw new UsageError(`--dry-run can be server or none, not ${value}.`, "rollback");
}
