// The boot-image check: was a node's disk flashed from the template that its Machine named?

export interface MachineFacts {
  name: string;
  /** `metadata.creationTimestamp`, RFC 3339. */
  createdAt: string;
  /** `template` of its own provider spec, verbatim. */
  template: string;
}

/** What vCenter holds under the Machine's template now. */
export interface MachineTemplate {
  release: string | null;
  /** Whether it carries our marker: such a template never changes under its name. */
  marker: boolean;
  /** `config.createDate`, RFC 3339. */
  createDate: string | null;
}

export interface BootImageCheckInput {
  machine: MachineFacts | null;
  template: MachineTemplate | null;
  /** The release in the node's aleph file. */
  aleph: string | null;
}

export interface BootImageCheck {
  /** The value of the annotation `bootwarden.io/boot-image-check`. */
  check:
    | "Match"
    | "Mismatch"
    | "NotKnown/TemplateReleaseUnknown"
    | "NotKnown/TemplateChangedSince"
    | "NotKnown/NoMachine"
    | "NotKnown/NoAleph";
  message: string;
}

/**
 * Match or Mismatch only where the template's content cannot have changed since the Machine was made from it: it is
 * marked as ours, or it is older than the Machine.
 */
export function checkBootImage({ machine, template, aleph }: BootImageCheckInput): BootImageCheck {
  if (machine === null)
    return { check: "NotKnown/NoMachine", message: `flashed from ${aleph ?? "unknown"}, no Machine` };
  if (aleph === null) return { check: "NotKnown/NoAleph", message: "the host has no aleph file" };
  const observed = `flashed from ${aleph}`;
  const named = `template ${machine.template}`;
  if (template === null || template.release === null)
    return { check: "NotKnown/TemplateReleaseUnknown", message: `${observed}, the release of ${named} is not known` };
  if (!template.marker && !isBefore(template.createDate, machine.createdAt))
    return { check: "NotKnown/TemplateChangedSince", message: `${observed}, ${named} may be newer than the Machine` };
  return {
    check: aleph === template.release ? "Match" : "Mismatch",
    message: `expected ${template.release} of ${named}, ${observed}`,
  };
}

/** An earlier check of the same Machine and boot. */
export interface StandingCheck extends BootImageCheck {
  /** Whether it is remembered whole; else only its word stands on the Node, and a fresh answer is the better one. */
  remembered: boolean;
}

/** What was once judged of the same Machine and boot stands: templates are retired, and vCenters go away. */
export function standingCheck(standing: StandingCheck | null, fresh: BootImageCheck): BootImageCheck {
  if (standing === null || !isJudged(standing.check)) return fresh;
  return standing.remembered || !isJudged(fresh.check) ? standing : fresh;
}

/**
 * What stands on the Node after a restart: nobody but the controller can write that. A Node that is older than the Machine was there for
 * the Machine before it, and so may be its check.
 */
export function writtenCheck(
  check: string | undefined,
  node: { createdAt: string },
  machine: { createdAt: string } | null,
): StandingCheck | null {
  if (!isJudged(check) || (machine !== null && isBefore(node.createdAt, machine.createdAt))) return null;
  return { check, message: "judged before the controller's restart", remembered: false };
}

/** Whether the check has an answer. */
function isJudged(check: string | null | undefined): check is "Match" | "Mismatch" {
  return check === "Match" || check === "Mismatch";
}

/** False also where a time is missing or cannot be read: every comparison with NaN is. */
function isBefore(time: string | null, other: string): boolean {
  return time !== null && Date.parse(time) < Date.parse(other);
}
