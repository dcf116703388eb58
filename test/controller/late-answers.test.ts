// Nobody waits for a server that answers late, and what it says in the end is used.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLateAnswers } from "../../controller/late-answers.ts";

const patience = { first: 40, further: 10, most: 10_000 };
const answered = () => undefined;
const late = { reason: "VCenterUnreachable", message: expect.stringMatching(/^vCenter vc has not answered for \d+ s/) };

/** A question whose answers come when they are given; counts how often it was asked. */
function question() {
  const asked: PromiseWithResolvers<string>[] = [];
  return {
    asked,
    work: () => {
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise;
    },
  };
}

test("what is answered in time is passed on, and asked anew the next time", async () => {
  const answers = createLateAnswers<string>({ answered, patience });
  let times = 0;
  const work = async () => `answer ${++times}`;
  expect(await answers.ask("vc", "key", work)).toBe("answer 1");
  expect(await answers.ask("vc", "key", work)).toBe("answer 2");
  await expect(answers.ask("vc", "key", () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});

test("a late answer serves the same question in a later pass, once", async () => {
  const answers = createLateAnswers<string>({ answered, patience });
  const { asked, work } = question();
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve("at last");
  expect(await answers.ask("vc", "key", work)).toBe("at last");
  const next = answers.ask("vc", "key", work);
  expect(asked).toHaveLength(2);
  asked[1]?.resolve("the next");
  expect(await next).toBe("the next");
});

test("a late answer to another question is dropped; while it is open no other is asked", async () => {
  const answers = createLateAnswers<string>({ answered, patience });
  const { asked, work } = question();
  await expect(answers.ask("vc", "old", work)).rejects.toMatchObject(late);
  await expect(answers.ask("vc", "new", work)).rejects.toMatchObject(late);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve("of the old");
  const next = answers.ask("vc", "new", work);
  await sleep(1);
  asked[1]?.resolve("of the new");
  expect(await next).toBe("of the new");
});

test("a late failure is told once; other servers are not waited with", async () => {
  const answers = createLateAnswers<string>({ answered, patience });
  const { asked, work } = question();
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
  expect(await answers.ask("other", "key", async () => "here")).toBe("here");
  asked[0]?.reject(new Error("gone"));
  await expect(answers.ask("vc", "key", work)).rejects.toThrow("gone");
  expect(asked).toHaveLength(1);
});

test("a server that always takes too long, but answers, is never unreachable, however rarely it is asked", async () => {
  let rings = 0;
  const answers = createLateAnswers<string>({
    answered: () => {
      rings += 1;
    },
    patience: { first: 20, further: 5, most: 200 },
  });
  let times = 0;
  const work = async () => {
    times += 1;
    const mine = times;
    if (mine > 1) await sleep(60);
    return `answer ${mine}`;
  };
  expect(await answers.ask("vc", "key", work)).toBe("answer 1");
  for (let pass = 2; pass <= 4; pass += 1) {
    // Longer than a question may be open.
    await sleep(250);
    const before = rings;
    expect(await answers.ask("vc", "key", work)).toBe(`answer ${pass - 1}`);
    await sleep(80);
    expect(rings).toBeGreaterThan(before);
    expect(await answers.ask("vc", "key", work)).toBe(`answer ${pass}`);
  }
});

test("no pass waits for a slow server as for a quick one, but for the first", async () => {
  const answers = createLateAnswers<string>({ answered, patience: { first: 100, further: 2, most: 10_000 } });
  let times = 0;
  const work = async () => {
    times += 1;
    if (times > 1) await sleep(150);
    return "answer";
  };
  for (let pass = 0; pass < 2; pass += 1) await answers.ask("vc", "key", work);
  const began = performance.now();
  for (let pass = 0; pass < 30; pass += 1) await answers.ask("vc", "key", work);
  expect((performance.now() - began) / 30).toBeLessThan(50);
});

test("the answer before stands for the same question only, and no longer than a question may be open", async () => {
  const answers = createLateAnswers<string>({ answered, patience: { first: 20, further: 5, most: 100 } });
  const { work } = question();
  expect(await answers.ask("vc", "key", async () => "known")).toBe("known");
  expect(await answers.ask("vc", "key", work)).toBe("known");
  await expect(answers.ask("vc", "other", work)).rejects.toMatchObject(late);
  await sleep(110);
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
});

test("an answer that came long ago is not used, but asked for anew", async () => {
  const answers = createLateAnswers<string>({ answered, patience: { first: 20, further: 5, most: 60 } });
  const { asked, work } = question();
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
  asked[0]?.resolve("old");
  await sleep(100);
  const next = answers.ask("vc", "key", work);
  await sleep(1);
  asked[1]?.resolve("new");
  expect(await next).toBe("new");
});

test("a failure is not stood in for", async () => {
  const answers = createLateAnswers<string>({ answered, patience: { first: 20, further: 5, most: 10_000 } });
  const { work } = question();
  expect(await answers.ask("vc", "key", async () => "known")).toBe("known");
  await expect(answers.ask("vc", "key", () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  await expect(answers.ask("vc", "key", work)).rejects.toMatchObject(late);
});
