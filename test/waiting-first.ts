// The order of test files: first those that wait the most, so that no core is idle at the end while the last of them wait.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Faults are waited for by their nature: a lease runs out, a line is slow. */
const waiting = /\/test\/faults\//;

export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [true, false].flatMap((first) => sorted.filter(({ moduleId }) => waiting.test(moduleId) === first));
  }
}
