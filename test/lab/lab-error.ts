// The lab's error: something the lab needs is missing or a server did not start.

/** Its message is one sentence for the person at the terminal. */
export class LabError extends Error {
  override name = "LabError";
}
