// The troubleshooting page: each message that it quotes is one that a program prints, beside the reason that the page gives.
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { reasons } from "../common/reasons.ts";
import { codeOf } from "./markdown-pages.ts";
import { canSay, type PrintedText, printedTexts } from "./printed-texts.ts";
import { textOf } from "./source-text.ts";

interface Entry {
  message: string;
  /** Whose words it is in. */
  of: string;
  body: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = textOf("docs/troubleshooting.md")
  .split(/^### /m)
  .slice(1)
  .map((entry): Entry => {
    const [heading = "", ...lines] = entry.split("\n");
    const [, of = "", message = ""] = /^(?:(\w+): )?`([^`]+)`$/.exec(heading) ?? [];
    return { message, of, body: lines.join("\n").split(/^## /m)[0] ?? "" };
  });
const ours = entries.filter(({ of }) => of === "");
const texts = printedTexts();

describe("a text can say", () => {
  const printed = (text: string): PrintedText => ({ file: "", text });
  const named = printed("Template \0 does not exist: \0 would end Failed.");

  test.each([
    [true, named, "Template <name> does not exist: <what> would end Failed."],
    [true, named, "Template rhcos does not exist: the next Machine would end Failed."],
    [true, named, "Template <name> does not exist…"],
    [true, named, "… would end Failed."],
    [false, named, "Template <name> is missing: the next Machine would end Failed."],
    [false, named, "Template <name> does not exist"],
    [false, named, "<what> rhcos does not exist: the next Machine would end Failed."],
    [false, printed("\0: \0. \0"), "Login at vCenter <server>: no answer. Check its name."],
  ])("%s: %j, %s", (can, text, quote) => {
    expect(canSay(text, quote)).toBe(can);
  });
});

test("strings that are joined are one text", () => {
  const joined =
    "What RBAC cannot forbid to bootwarden's accounts and to kubelets is not forbidden: \0. Apply the manifests again.";
  expect(texts.map(({ text }) => text)).toContain(joined);
});

test("the page is one of messages", () => {
  expect(ours.length).toBeGreaterThanOrEqual(30);
  expect(entries.filter(({ message }) => message === "")).toEqual([]);
  expect(new Set(entries.map(({ message }) => message)).size).toBe(entries.length);
});

test.each(ours)("$message", ({ message, body }) => {
  const folders = texts.filter((text) => canSay(text, message)).map(({ file }) => dirname(file));
  expect(folders, "no program prints this").not.toEqual([]);
  const [reason = ""] = codeOf(body.split("\n")[1] ?? "").filter((code) => code in reasons);
  const beside = folders.filter((folder) => folder.startsWith("manifests/") || inFolder(folder).includes(reason));
  expect(beside, `${reason} does not stand beside this`).not.toEqual([]);
});

function inFolder(folder: string): string {
  return globSync(`${folder}/*.ts`, { cwd: root })
    .map((file) => textOf(file))
    .join();
}

test.each(entries)("$message: what to do", ({ body }) => {
  expect(body).toMatch(/\*\*Do:\*\* \S/);
});

test("what Kubernetes says is said of objects of the manifests", () => {
  const names = entries.filter(({ of }) => of !== "").flatMap(({ message }) => [...message.matchAll(/"([^"]+)"/g)]);
  const manifests = globSync("manifests/base/*.yaml", { cwd: root })
    .map((file) => textOf(file))
    .join();
  const words = names.flatMap(([, name = ""]) => name.replace(/-$/, "").split("/"));
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((word) => !manifests.includes(word))).toEqual([]);
});
