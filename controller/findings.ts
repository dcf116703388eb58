// The findings in one vCenter: of its inventory what a survey asks for. Pure.
import { isTemporaryName } from "./apply/names.ts";
import { isOurs, isUsable, type Owner } from "./apply/ownership.ts";
import { type ImportedImage, imageKey } from "./decide/boot-image.ts";
import { releaseInName, templateName, templatePrefix } from "./decide/names.ts";
import { type Place, templatePath } from "./decide/place.ts";
import type { TemplateFacts as KnownTemplate } from "./decide/steps.ts";
import type { Reference } from "./vsphere/answer.ts";
import { absolutePath, datacenterPath } from "./vsphere/inventory.ts";
import type { Look } from "./vsphere/inventory-look.ts";
import type { InventoryTree } from "./vsphere/inventory-tree.ts";
import type { Markers } from "./vsphere/markers.ts";
import type { TemplateFacts } from "./vsphere/template.ts";

/** A template as a provider spec names it. */
export interface NamedTemplate {
  server: string;
  datacenter: string;
  template: string;
}

/** A place, and the image of which a template is wanted there; null: it is not looked for one. */
interface Wanted {
  place: Place;
  image: ImportedImage | null;
}

/** What is asked of one vCenter: names and places of others are not here. */
export interface Question {
  owner: Owner;
  named: readonly NamedTemplate[];
  wanted: readonly Wanted[];
}

/** A template of ours, or a VM that is to become one. */
export interface OurTemplate {
  server: string;
  /** Path of the datacenter, `/dc`. */
  datacenter: string;
  path: string;
  name: string;
  reference: Reference;
  /** Of its marker. */
  release: string;
  markers: Markers;
  createDate: string | null;
  /** False under its temporary name, until it is done. */
  isTemplate: boolean;
}

/** A template under a name of ours whose content is another release's: somebody replaced it in place. */
export interface ReplacedTemplate {
  server: string;
  path: string;
  name: string;
  state: "ContentReplaced";
  /** That of its content. */
  release: string;
  /** That of its name. */
  expected: string;
  message: string;
}

export interface Findings {
  /** By `keyOf`; what could not be asked is not there. */
  named: Map<string, TemplateFacts[]>;
  templates: KnownTemplate[];
  taken: { server: string; name: string }[];
  ours: OurTemplate[];
  replaced: ReplacedTemplate[];
}

/** The datacenters that have to be looked at, as paths. */
export function datacentersOf({ named, wanted }: Question): Set<string> {
  const places = wanted.map(({ place }) => place);
  const others = [...named.map(({ template }) => template), ...places.map(({ folder }) => folder)];
  const own = [...named, ...places].map(datacenterOf);
  return new Set([...own, ...others.flatMap((path) => datacenterIn(path) ?? [])]);
}

/** The path of the datacenter that a workspace names. */
export function datacenterOf({ datacenter }: Pick<NamedTemplate, "datacenter">): string {
  return datacenterPath(datacenter);
}

/** The VMs of which more than name and place has to be known: those that are named, and all that may be ours. */
export function ofInterest({ named, owner }: Question, tree: InventoryTree): Reference[] {
  const prefix = owner.infrastructureName === "" ? null : templatePrefix(owner.infrastructureName);
  const maybeOurs = tree
    .virtualMachines()
    .filter(({ name }) => isTemporaryName(name) || (prefix !== null && name.startsWith(prefix)));
  return [
    ...named.flatMap((one) => referencesOf(one, tree)),
    ...maybeOurs.map(({ reference }) => reference).filter((reference) => tree.pathOf(reference) !== null),
  ];
}

export function findingsIn(look: Look, question: Question, server: string): Findings {
  const { tree, facts } = look;
  const all = [...facts.values()];
  const unseen = new Set(look.unseen);
  const asked = question.named.filter((one) => !unseen.has(datacenterOf(one)));
  const factsOf = (reference: Reference) => facts.get(reference.value) ?? [];
  const found = asked.map((one) => [keyOf(one), referencesOf(one, tree).flatMap(factsOf)] as const);
  // MachineSets may share a place, and an image.
  const wanted = new Map(
    question.wanted.map((one) => [JSON.stringify([one.place.key, one.image && imageKey(one.image)]), one]),
  );
  const standing = [...wanted.values()].map((one) => standingAt(one, look, question));
  return {
    named: new Map(found),
    templates: standing.flatMap(({ template }) => template ?? []),
    taken: standing.flatMap(({ taken }) => taken.map((name) => ({ server, name }))),
    ours: all.flatMap((one) => ourTemplate(one, question.owner, server) ?? []),
    replaced: all.flatMap((one) => replacedTemplate(one, question.owner, server) ?? []),
  };
}

/** Equal for equal names. */
export function keyOf({ server, datacenter, template }: NamedTemplate): string {
  return JSON.stringify([server, datacenter, template]);
}

/** A path names one VM; a bare name every VM of that name in the datacenter (more than one is an error for the Machine API). */
function referencesOf({ datacenter, template }: NamedTemplate, tree: InventoryTree): Reference[] {
  if (template === "") return [];
  if (!template.includes("/")) return tree.named(absolutePath(datacenter, "vm", ""), template);
  const found = tree.byPath(absolutePath(datacenter, "vm", template));
  return found?.type === "VirtualMachine" ? [found] : [];
}

/** Looks under each name that the wanted template may have, up to the first that is free or right. */
function standingAt({ place, image }: Wanted, { tree, facts }: Look, { owner }: Question) {
  const taken: string[] = [];
  for (let attempt = 1; image !== null && attempt <= 9; attempt++) {
    const { infrastructureName } = owner;
    const name = templateName({ infrastructureName, release: image.release, place: place.label, attempt });
    const path = templatePath(place, name);
    const reference = tree.byPath(path);
    if (reference === null) break;
    const one = facts.get(reference.value);
    if (one !== undefined && isUsable(one, image, owner)) {
      const { server, key } = place;
      const ours = isOurs(one, owner);
      const template = { server, place: key, image, name, path, release: one.productVersion, ours };
      return { taken, template };
    }
    taken.push(name);
  }
  return { taken, template: null };
}

function ourTemplate(facts: TemplateFacts, owner: Owner, server: string): OurTemplate | null {
  const { markers, path, name, reference, createDate, isTemplate } = facts;
  if (markers === null || !isOurs(facts, owner) || replacedTemplate(facts, owner, server) !== null) return null;
  const datacenter = datacenterIn(path) ?? "";
  return { server, datacenter, path, name, reference, release: markers.release, markers, createDate, isTemplate };
}

/** The Machine Config Operator replaces in place: then the name says one release, and the content another. */
function replacedTemplate(facts: TemplateFacts, owner: Owner, server: string): ReplacedTemplate | null {
  const { name, path, productVersion, isTemplate } = facts;
  const { infrastructureName } = owner;
  const expected = releaseInName(name);
  if (infrastructureName === "" || !name.startsWith(templatePrefix(infrastructureName))) return null;
  if (!isTemplate || productVersion === null || expected === null || productVersion === expected) return null;
  const message =
    `Template ${path} of vCenter ${server} holds ${productVersion}, not ${expected} as its name says: somebody replaced ` +
    "its content. It is not used and not touched; remove it when no MachineSet names it.";
  return { server, path, name, state: "ContentReplaced", release: productVersion, expected, message };
}

/** `/folder/dc` of `/folder/dc/vm/…`; null for a relative path, and for what does not stand below a VM folder. */
function datacenterIn(path: string): string | null {
  if (!path.startsWith("/")) return null;
  const clean = datacenterPath(path);
  const end = `${clean}/`.indexOf("/vm/", 1);
  return end === -1 ? null : clean.slice(0, end);
}
