import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/**", "test/flow/**", "test/faults/**", "test/bench/**", "node_modules/**"],
        },
      },
      {
        // Each file starts a lab of its own, and waits for the most part: two share a small machine well.
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts", "test/{flow,faults,bench}/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
