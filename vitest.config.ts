import { defineConfig } from "vitest/config";
import { WaitingFirst } from "./test/waiting-first.ts";

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
    projects: [
      {
        test: {
          name: "unit",
          // Properties are tried thousands of times, on whatever the machine has to spare.
          testTimeout: 30_000,
          include: ["test/**/*.test.ts"],
          exclude: ["test/{lab,flow,faults,bench,monitoring,kubelets}/**", "node_modules/**"],
        },
      },
      {
        // Each file starts a lab of its own, and waits for the most part: three share a small machine well.
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts", "test/{flow,faults,bench}/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        // What needs a Prometheus beside the lab.
        test: {
          name: "monitoring",
          include: ["test/monitoring/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        // In a world of the lab (test/lab/kubelets/world.ts), into which test/run.ts puts it.
        test: {
          name: "kubelets",
          include: ["test/kubelets/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
