// The patches of a MachineSet and the policy: the few fields that people change by this program.
import { machineSetAnnotations, policyAnnotations } from "../common/annotations.ts";
import type { MachineSetFacts } from "./read-machines.ts";
import type { WayBack } from "./way-back.ts";

interface Operation {
  op: "test" | "replace" | "add";
  path: string;
  value: unknown;
}

const templatePath = "/spec/template/spec/providerSpec/value/template";
const holdPath = `/metadata/annotations/${machineSetAnnotations.hold.replaceAll("/", "~1")}`;

/**
 * Hold and way back in one JSON Patch (RFC 6902), so that there is no moment with the one and without the other; the `test` of
 * what the MachineSet names now makes it fail where somebody was faster.
 */
export function rollbackPatch(way: WayBack, { resourceVersion, hasAnnotations }: MachineSetFacts): Operation[] {
  const unchanged: Operation = { op: "test", path: "/metadata/resourceVersion", value: resourceVersion };
  return [
    ...(way.from === null ? [unchanged] : [{ op: "test", path: templatePath, value: way.from } as const]),
    // A pointer into a map that is missing is an error in JSON Patch, and a new map would replace somebody else's.
    ...(hasAnnotations
      ? []
      : [...(way.from === null ? [] : [unchanged]), { op: "add", path: "/metadata/annotations", value: {} } as const]),
    { op: "add", path: holdPath, value: "true" },
    { op: way.from === null ? "add" : "replace", path: templatePath, value: way.to },
  ];
}

export function holdPatch(held: boolean): unknown {
  return { metadata: { annotations: { [machineSetAnnotations.hold]: held ? "true" : null } } };
}

/** `at`: null leaves it as it is. */
export function resumePatch({ release, at }: { release: boolean; at: string | null }): unknown {
  const annotations = {
    ...(release ? { [machineSetAnnotations.hold]: null } : {}),
    ...(at === null ? {} : { [machineSetAnnotations.resumedAt]: at }),
  };
  return { metadata: { annotations } };
}

export function policyResumePatch(at: string): unknown {
  return { metadata: { annotations: { [policyAnnotations.resumedAt]: at } } };
}

/**
 * The time that releases what began at `since`, also where the clock here is behind the controller's; null: `said` releases it
 * already. In milliseconds and RFC 3339.
 */
export function resumeTime(
  since: string | undefined,
  { said, now }: { said: string | null; now: number },
): string | null {
  const began = since === undefined ? Number.NaN : Date.parse(since);
  if (said !== null && Date.parse(said) > began) return null;
  return new Date(Number.isNaN(began) ? now : Math.max(now, began + 1000)).toISOString();
}
