// The page that is followed: its blocks of commands by heading, and what a runbook has for the alert that fires.
import { blocksOf } from "../markdown-pages.ts";
import { textOf } from "../source-text.ts";

/** The blocks in a language below a heading of the second level, as they stand. */
export function blocksBelow(page: string, heading: string, language = "sh"): string[] {
  return blocksOf(section(page, heading), language);
}

export function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
}

function section(page: string, heading: string): string {
  const [, text] = textOf(page).split(new RegExp(`^## ${heading.replaceAll("?", "\\?")}$`, "m"));
  if (text === undefined) throw new TypeError(`${page} has no heading "${heading}"`);
  return text.split(/^## /m)[0] ?? "";
}

/** What stands in capitals in a runbook, and is somebody's own: `{NODE: "worker-0"}`. */
export type Names = Readonly<Record<string, string>>;

export interface Runbook {
  /** The commands of "How to see it", one by one. */
  look: (names: Names) => string[];
  /** A piece of "How to mend it", which has to stand there, with the names put in. */
  mend: (piece: string, names?: Names) => string;
}

export function runbookOf(alert: string): Runbook {
  const page = `docs/runbooks/${alert}.md`;
  return {
    look: (names) =>
      blocksBelow(page, "How to see it").flatMap((block) =>
        block.split("\n").flatMap((line) => (line === "" ? [] : [filled(line, names)])),
      ),
    mend: (piece, names = {}) => {
      if (!section(page, "How to mend it").replaceAll(/\n */g, " ").includes(piece)) {
        throw new Error(`"How to mend it" of ${page} does not say: ${piece}`);
      }
      return filled(piece, names);
    },
  };
}

function filled(text: string, names: Names): string {
  return text.replaceAll(/\b[A-Z]{4,}\b(?!:)/g, (word) => names[word] ?? word);
}
