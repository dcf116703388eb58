// The survey: what the vCenters hold of the templates that MachineSets, Machines and the target name.
import { failureOf } from "../common/failure.ts";
import type { Reason } from "../common/reasons.ts";
import { isOurs, isUsable, type Owner } from "./apply/ownership.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import { type Decision, decided, refused } from "./decide/decision.ts";
import type { VSphereProvider } from "./decide/machine-set.ts";
import type { TemplateNow } from "./decide/machine-set-state.ts";
import { templateName } from "./decide/names.ts";
import { type Place, templatePath } from "./decide/place.ts";
import type { TemplateFacts as KnownTemplate } from "./decide/steps.ts";
import { VimFault } from "./vsphere/fault.ts";
import { findByPath, findVirtualMachines } from "./vsphere/inventory.ts";
import type { Session } from "./vsphere/session.ts";
import { readTemplate, type TemplateFacts } from "./vsphere/template.ts";

/** A template as a provider spec names it. */
export interface NamedTemplate {
  server: string;
  datacenter: string;
  template: string;
}

/** The template that a provider spec names; null where it does not say which vCenter. */
export function namedBy(provider: VSphereProvider | null): NamedTemplate | null {
  const { server, datacenter } = provider?.workspace ?? {};
  if (provider === null || !server || !datacenter) return null;
  return { server, datacenter, template: provider.template };
}

export interface Question {
  owner: Owner;
  named: readonly NamedTemplate[];
  places: readonly Place[];
  /** The image that is wanted; null: only the named templates are looked at. */
  image: { release: string; sha256: string } | null;
}

export interface Survey {
  now: (named: NamedTemplate) => Decision<TemplateNow>;
  /** For the boot-image check, by `keyOf`; null: it is gone. What could not be asked is not there. */
  machineTemplates: ReadonlyMap<string, MachineTemplate | null>;
  /** The keys of all named templates, whether they could be asked or not. */
  asked: ReadonlySet<string>;
  templates: KnownTemplate[];
  taken: { server: string; name: string }[];
  vcenters: { server: string; failure: { reason: Reason; message: string } | null }[];
}

interface Findings {
  named: Map<string, TemplateFacts[]>;
  templates: KnownTemplate[];
  taken: { server: string; name: string }[];
}

/** Asks each vCenter in turn; one that fails is named in `vcenters`, and the others are asked all the same. */
export async function survey(
  question: Question,
  session: (server: string) => Promise<Session>,
  drop: (server: string) => Promise<void>,
): Promise<Survey> {
  const found: Findings = { named: new Map(), templates: [], taken: [] };
  const servers = new Set([...question.named, ...question.places].map(({ server }) => server));
  const failures = new Map<string, { reason: Reason; message: string }>();
  for (const server of servers) {
    const ask = async () => await visit(await session(server), server, question);
    await retried(ask, () => drop(server)).then(
      (seen) => merge(found, seen),
      (error: unknown) => {
        failures.set(server, failureOf(error));
      },
    );
  }
  return {
    asked: new Set(question.named.map(keyOf)),
    templates: found.templates,
    taken: found.taken,
    vcenters: [...servers].map((server) => ({ server, failure: failures.get(server) ?? null })),
    now: (named) => templateNow(found, failures, { named, owner: question.owner }),
    machineTemplates: new Map(
      [...found.named].map(([key, facts]) => [key, machineTemplate(facts, question.owner)] as const),
    ),
  };
}

/** A session may have ended since the last pass: that is no failure, it is opened anew once. */
async function retried<T>(ask: () => Promise<T>, drop: () => Promise<void>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof VimFault) || !["SessionLost", "VCenterUnreachable"].includes(error.reason)) throw error;
    await drop();
    return await ask();
  }
}

function merge(found: Findings, seen: Findings): void {
  for (const [key, facts] of seen.named) found.named.set(key, facts);
  found.templates.push(...seen.templates);
  found.taken.push(...seen.taken);
}

/** What one vCenter says: all of it, or nothing. */
async function visit(session: Session, server: string, question: Question): Promise<Findings> {
  const found: Findings = { named: new Map(), templates: [], taken: [] };
  for (const named of question.named) {
    const key = keyOf(named);
    if (named.server !== server || named.template === "" || found.named.has(key)) continue;
    const references = await findVirtualMachines(session, named.datacenter, named.template);
    found.named.set(key, await Promise.all(references.map((reference) => readTemplate(session, reference))));
  }
  if (question.image === null) return found;
  const wanted = { owner: question.owner, image: question.image };
  // MachineSets may share a place.
  for (const place of new Map(question.places.map((one) => [one.key, one])).values()) {
    if (place.server === server) await visitPlace(session, place, { wanted, found });
  }
  return found;
}

/** Looks under each name that the wanted template may have, up to the first that is free or right. */
async function visitPlace(
  session: Session,
  place: Place,
  { wanted, found }: { wanted: { owner: Owner; image: { release: string; sha256: string } }; found: Findings },
): Promise<void> {
  for (let attempt = 1; attempt <= 9; attempt++) {
    const name = templateName({
      infrastructureName: wanted.owner.infrastructureName,
      release: wanted.image.release,
      place: place.label,
      attempt,
    });
    const path = templatePath(place, name);
    const reference = await findByPath(session, path);
    if (reference === null) return;
    const facts = reference.type === "VirtualMachine" ? await readTemplate(session, reference) : null;
    if (facts !== null && isUsable(facts, wanted.image, wanted.owner)) {
      const ours = isOurs(facts, wanted.owner);
      found.templates.push({ server: place.server, place: place.key, name, path, release: facts.productVersion, ours });
      return;
    }
    found.taken.push({ server: place.server, name });
  }
}

function templateNow(
  found: Findings,
  failures: ReadonlyMap<string, { reason: Reason; message: string }>,
  { named, owner }: { named: NamedTemplate; owner: Owner },
): Decision<TemplateNow> {
  const failure = failures.get(named.server);
  if (failure !== undefined) return refused(failure.reason, failure.message);
  const [facts, another] = found.named.get(keyOf(named)) ?? [];
  if (facts === undefined) return decided({ exists: false, release: null, path: null, ours: false });
  // The Machine API refuses a name that two VMs have: such a template says nothing.
  if (another !== undefined) return decided({ exists: true, release: null, path: null, ours: false });
  return decided({ exists: true, release: facts.productVersion, path: facts.path, ours: isOurs(facts, owner) });
}

function machineTemplate(found: TemplateFacts[], owner: Owner): MachineTemplate | null {
  const facts = found[0];
  if (facts === undefined || found.length !== 1) return null;
  return { release: facts.productVersion, marker: isOurs(facts, owner), createDate: facts.createDate };
}

/** Equal for equal names. */
export function keyOf({ server, datacenter, template }: NamedTemplate): string {
  return JSON.stringify([server, datacenter, template]);
}
