import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/**", "test/flow/**", "test/faults/**", "node_modules/**"],
        },
      },
      {
        // Each file starts a lab of its own; the machine is small, so one after the other.
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts", "test/{flow,faults}/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
