// The link of a chain: one object between the release and the verdict, what it says, and whether the chain holds there.

export interface Link {
  /** What is looked at: `MachineSet worker-a`. */
  object: string;
  /** Where that stands, where the object does not say so itself. */
  source?: string;
  /** `Broken`: here it goes wrong; `Waits`: it will pass; `NotKnown`: it cannot be told. */
  standing: "Holds" | "Broken" | "Waits" | "NotKnown";
  says: string;
  /** What to do; left out: nothing. */
  todo?: string;
}

/** What was read: undefined: it is not there; null: it could not be read, which is said elsewhere. */
export type Seen<T> = T | undefined | null;

/** The link of an object that could not be read. */
export function unseen(object: string): Link {
  return { object, standing: "NotKnown", says: "It could not be read." };
}
