// The survey: what the vCenters hold of the templates that MachineSets, Machines and the target name, and of our own.
import { failureOf } from "../common/failure.ts";
import type { Reason } from "../common/reasons.ts";
import { isOurs, type Owner } from "./apply/ownership.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import { type Decision, decided, refused } from "./decide/decision.ts";
import type { VSphereProvider } from "./decide/machine-set.ts";
import type { TemplateNow } from "./decide/machine-set-state.ts";
import type { TemplateFacts as KnownTemplate } from "./decide/steps.ts";
import {
  datacenterOf,
  datacentersOf,
  type Findings,
  findingsIn,
  keyOf,
  type NamedTemplate,
  type OurTemplate,
  ofInterest,
  type Question,
  type ReplacedTemplate,
} from "./findings.ts";
import type { LateAnswers } from "./late-answers.ts";
import type { VisitedVCenter } from "./vcenters.ts";
import { VimFault } from "./vsphere/fault.ts";
import { type Look, lookAtInventory } from "./vsphere/inventory-look.ts";
import type { TemplateFacts } from "./vsphere/template.ts";

/** The template that a provider spec names; null where it does not say which vCenter. */
export function namedBy(provider: Pick<VSphereProvider, "workspace" | "template"> | null): NamedTemplate | null {
  const { server, datacenter } = provider?.workspace ?? {};
  if (provider === null || !server || !datacenter) return null;
  return { server, datacenter, template: provider.template };
}

interface Failed {
  reason: Reason;
  message: string;
}

export interface Survey {
  now: (named: NamedTemplate) => Decision<TemplateNow>;
  /** For the boot-image check, by `keyOf`; null: it is gone. What could not be asked is not there. */
  machineTemplates: ReadonlyMap<string, MachineTemplate | null>;
  /** The keys of all named templates, whether they could be asked or not. */
  asked: ReadonlySet<string>;
  templates: KnownTemplate[];
  taken: { server: string; name: string }[];
  /** Of the vCenters without a failure: all that is ours. */
  ours: OurTemplate[];
  replaced: ReplacedTemplate[];
  vcenters: { server: string; failure: Failed | null }[];
}

/** What one vCenter answered: findings, a failure, or both where the account does not see the datacenter of a place. */
interface Answer {
  server: string;
  findings: Findings | null;
  failure: Failed | null;
  /** Paths. */
  unseen: readonly string[];
}

/** Asks the vCenters side by side; one that fails is named in `vcenters`, and the others are asked all the same. */
export async function survey(question: Question, ways: Ways): Promise<Survey> {
  const places = question.wanted.map(({ place }) => place);
  const servers = new Set([...question.named, ...places].map(({ server }) => server));
  const answers = await Promise.all([...servers].map((server) => answerOf(server, question, ways)));
  const found = answers.flatMap(({ findings }) => findings ?? []);
  const named = new Map(found.flatMap((findings) => [...findings.named]));
  return {
    asked: new Set(question.named.map(keyOf)),
    templates: found.flatMap(({ templates }) => templates),
    taken: found.flatMap(({ taken }) => taken),
    ours: found.flatMap(({ ours }) => ours),
    replaced: found.flatMap(({ replaced }) => replaced),
    vcenters: answers.map(({ server, failure }) => ({ server, failure })),
    now: (one) => templateNow(answers, named.get(keyOf(one)) ?? [], { named: one, owner: question.owner }),
    machineTemplates: new Map([...named].map(([key, facts]) => [key, machineTemplate(facts, question.owner)] as const)),
  };
}

export interface Ways {
  visit: (server: string) => Promise<VisitedVCenter>;
  drop: (server: string) => Promise<void>;
  late: LateAnswers<Look>;
}

/** What one vCenter says. Never throws. */
async function answerOf(server: string, question: Question, { visit, drop, late }: Ways): Promise<Answer> {
  const named = question.named.filter((one) => one.server === server);
  const own = { ...question, named, wanted: question.wanted.filter(({ place }) => place.server === server) };
  const ask = async () => {
    const { session, folders } = await visit(server);
    const datacenters = datacentersOf(own);
    return await lookAtInventory(session, { datacenters, folders, interest: (tree) => ofInterest(own, tree) });
  };
  try {
    const look = await late.ask(server, interestOf(own), () => retried(ask, () => drop(server)));
    // An old Machine may name a datacenter that is long gone: that is nobody's trouble.
    const all = own.wanted.map(({ place }) => datacenterOf(place));
    const lost = new Set(all.filter((datacenter) => look.unseen.includes(datacenter)));
    const failure = lost.size === 0 ? null : invisible(server, [...lost].join(", "));
    return { server, findings: findingsIn(look, own, server), failure, unseen: look.unseen };
  } catch (error) {
    return { server, findings: null, failure: failureOf(error), unseen: [] };
  }
}

/** A look at one interest serves another question of the same. */
function interestOf({ owner, named, wanted }: Question): string {
  const all = [...named.map(keyOf), ...wanted.map(({ place }) => place.key)];
  return JSON.stringify([owner.infrastructureName, ...[...new Set(all)].toSorted()]);
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

function invisible(server: string, datacenter: string): Failed {
  const message =
    `Datacenter ${datacenter} of vCenter ${server} has no VM folder that the account may see: mend the ` +
    "workspace that names it, or give the account the role Read-only there.";
  return { reason: "ObjectNotFound", message };
}

function templateNow(
  answers: readonly Answer[],
  [facts, ...others]: readonly TemplateFacts[],
  { named, owner }: { named: NamedTemplate; owner: Owner },
): Decision<TemplateNow> {
  const { findings, failure, unseen } = answers.find(({ server }) => server === named.server) ?? {};
  if (failure != null && findings === null) return refused(failure.reason, failure.message);
  const datacenter = datacenterOf(named);
  if (unseen?.includes(datacenter)) {
    const { reason, message } = invisible(named.server, datacenter);
    return refused(reason, message);
  }
  if (facts === undefined) return decided({ exists: false, release: null, path: null, ours: false });
  // The Machine API refuses a name that two VMs have: such a template says nothing.
  const copies = others.length + 1;
  if (copies > 1) return decided({ exists: true, release: null, path: null, ours: false, copies });
  const { productVersion: release, path } = facts;
  const replaced = findings?.replaced.find((one) => one.path === path && one.server === named.server)?.expected;
  return decided({
    exists: true,
    release,
    path,
    ours: isOurs(facts, owner),
    ...(!facts.isTemplate && { isTemplate: false }),
    ...(replaced !== undefined && { replaced }),
  });
}

function machineTemplate(found: TemplateFacts[], owner: Owner): MachineTemplate | null {
  const facts = found[0];
  if (facts === undefined || found.length !== 1) return null;
  return { release: facts.productVersion, marker: isOurs(facts, owner), createDate: facts.createDate };
}
