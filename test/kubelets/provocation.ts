// The provocation of an alert: how it is made to fire for real, and what its runbook has a person do about it.
import { expect } from "vitest";
import type { Prometheus } from "../lab/prometheus.ts";
import { type Names, runbookOf } from "./followed-page.ts";
import type { InstallStage } from "./install-stage.ts";

export interface Provocation {
  alert: string;
  provoke: (stage: InstallStage) => Promise<void>;
  /** What is in capitals in the runbook and not told by the alert's labels. */
  names?: Names;
  /** What "How to mend it" says; `mend` gives a piece of it, which has to stand there. */
  follow: (stage: InstallStage, mend: ReturnType<typeof runbookOf>["mend"], names: Names) => Promise<void>;
}

/** Makes all of them fire, at once. */
export async function provoked(
  stage: InstallStage,
  prometheus: Prometheus,
  provocations: readonly Provocation[],
): Promise<void> {
  await Promise.all(
    provocations.map(async ({ alert, provoke }) => {
      await provoke(stage);
      await stage.wait(`${alert} fires`, async () => (await firing(prometheus)).has(alert));
    }),
  );
}

/** Looks at each that fires and mends it, as its runbook has it, all at once. */
export async function followed(
  stage: InstallStage,
  prometheus: Prometheus,
  provocations: readonly Provocation[],
): Promise<void> {
  const fired = await firing(prometheus);
  await Promise.all(
    provocations.map(async (one) => {
      const labels = fired.get(one.alert);
      if (labels === undefined) throw new Error(`${one.alert} does not fire any more before it was mended`);
      const names = { ...namesOf(labels), ...one.names };
      const { look, mend } = runbookOf(one.alert);
      await lookAt(stage, look(names));
      await one.follow(stage, mend, names);
    }),
  );
}

/** Waits until none of them fires. */
export async function over(
  stage: InstallStage,
  prometheus: Prometheus,
  provocations: readonly Provocation[],
): Promise<void> {
  const alerts = provocations.map(({ alert }) => alert);
  await stage.wait(`${alerts.join()} over`, async () => {
    const left = [...(await firing(prometheus)).keys()].filter((alert) => alerts.includes(alert));
    if (left.length === 0) return true;
    throw new Error(`${left} fire`);
  });
}

/** Alert to labels of one that fires. */
export async function firing(prometheus: Prometheus): Promise<Map<string, Record<string, string>>> {
  const rules = (await prometheus.rules()).filter(({ state }) => state === "firing");
  return new Map(rules.map(({ name, alerts }) => [name, alerts[0]?.labels ?? {}]));
}

/** As a person reads them from the alert. */
function namesOf({ node, machineset, name, server, datastore }: Record<string, string>): Names {
  const told = {
    NODE: node,
    MACHINESET: machineset ?? name,
    // A Node has the name of its Machine.
    MACHINE: name ?? node,
    SERVER: server,
    DATASTORE: datastore,
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([word, value]) => (value === undefined ? [] : [[word, value]])),
  );
}

/** The lab's hosts have no journal, and no /boot. */
const notInTheLab = /chroot \/host (?:journalctl|df) /;

async function lookAt({ shell }: InstallStage, commands: readonly string[]): Promise<void> {
  const runnable = commands.filter((command) => !notInTheLab.test(command));
  expect(runnable.length).toBeGreaterThan(0);
  for (const command of runnable) {
    // `kubectl bootwarden` says by 2 that something is wrong, grep by 1 that there is nothing.
    const codes = command.startsWith("kubectl bootwarden") ? [0, 2] : [0, ...(command.includes("| grep") ? [1] : [])];
    await shell.run(command, codes);
  }
}
