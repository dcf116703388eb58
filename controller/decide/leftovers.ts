// The leftovers that may go: what killed imports and clones left under temporary names.
import { mayMean, type TemplateReference } from "./template-reference.ts";

/** Something of ours, as a survey finds it. */
export interface PossibleLeftover {
  server: string;
  name: string;
  markers: { temp: string };
}

export interface LeftoversInput<Template extends PossibleLeftover> {
  mode: "Observe" | "Manage";
  /** All that is ours. */
  templates: readonly Template[];
  references: readonly TemplateReference[];
  /** The lists of which something could not be read: who names what is then not known. */
  unread: readonly string[];
  /** The vCenters in which a template is being made, or is to be made: its step removes what is left there, and may take it up. */
  busy: ReadonlySet<string>;
}

/** In Observe mode nothing goes, nor while it is not known who names what, and never what somebody names. */
export function leftovers<Template extends PossibleLeftover>(input: LeftoversInput<Template>): Template[] {
  const { mode, templates, references, unread, busy } = input;
  if (mode === "Observe" || unread.length > 0) return [];
  return templates.filter(
    ({ server, name, markers }) =>
      name === markers.temp && !busy.has(server) && !references.some((one) => mayMean(one, name)),
  );
}
