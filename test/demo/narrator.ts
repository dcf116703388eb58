// The narrator of the demo: one line for each thing that happens, with who does it and when.

export interface Narrator {
  /** A new chapter. */
  chapter: (number: number, title: string) => void;
  /** `who` does `what`. */
  says: (who: string, what: string) => void;
  /** A text as it is, such as a table. */
  shows: (text: string) => void;
  /** Seconds since the beginning. */
  seconds: () => number;
}

/** Writes to stdout. */
export function createNarrator(): Narrator {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const stamp = () => `${seconds().toFixed(1).padStart(6)} s`;
  return {
    seconds,
    chapter: (number, title) => console.log(`\n${stamp()}  ── ${number}. ${title} ──`),
    says: (who, what) => console.log(`${stamp()}  ${who.padEnd(12)} ${what}`),
    shows: (text) => console.log(text.replace(/^/gm, "          ")),
  };
}
