import { expect, test } from "vitest";
import { heapGrowth } from "../../controller/heap-growth.ts";

const flags = ["--max-semi-space-size=1", "--heap-growing-percent=50"];

test("it is let go from the first stream to the end of the last, also where one fails", async () => {
  const set: string[] = [];
  const whileStreaming = heapGrowth(flags, (flag) => void set.push(flag));
  const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const;
  const works = gates.map(({ promise }) => whileStreaming(() => promise));
  expect(set).toEqual(["--heap-growing-percent=150"]);
  gates[0].reject(new Error("it breaks"));
  await expect(works[0]).rejects.toThrow("it breaks");
  expect(set).toHaveLength(1);
  gates[1].resolve("done");
  expect(await works[1]).toBe("done");
  expect(set).toEqual(["--heap-growing-percent=150", "--heap-growing-percent=50"]);
  await whileStreaming(async () => undefined);
  expect(set).toHaveLength(4);
});

test("a process without the flag is left as it is", async () => {
  const set: string[] = [];
  expect(await heapGrowth(["--max-semi-space-size=1"], (flag) => void set.push(flag))(async () => 1)).toBe(1);
  expect(set).toEqual([]);
});
