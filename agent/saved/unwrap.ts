// The unwrapping: lines that a terminal, a mail or a ticket broke where a deployment says what it is, put together again.

/** A line that is longer holds none of it. */
const longest = 1024;

/**
 * Joins a line to the one before only where the two give a whole that neither is alone: a reference with its digest, a digest, a commit, a
 * version with its time, a bullet with its reference, a key with its value. Lists that rpm-ostree itself wraps stay as they are.
 */
export function unwrapped(lines: string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const before = whole.at(-1) ?? "";
    const joined = before === "" || before.length + line.length > longest ? null : join(before.trimEnd(), line.trim());
    if (joined === null) whole.push(line);
    else whole[whole.length - 1] = joined;
  }
  return whole;
}

const reference = String.raw`(?:ostree-(?:unverified|image|remote)[a-z-]*:|pivot:\/\/)\S+`;

/** What the line before ends with, what the next one is, and what stands between the two when they are one again. */
const breaks: [end: RegExp, next: RegExp, between: string][] = [
  [/^\s*(?:[*]|[^\p{ASCII}└├│─]{1,4})$/u, new RegExp(`^${reference}$`), " "],
  [/^\s*Digest:$/, /^sha256:[0-9a-f]{64}$/, " "],
  [/^\s*(?:(?:Booted)?(?:Base)?|Live|InterruptedLive)Commit:$/, /^[0-9a-f]{64}$/, " "],
  [/^\s*Version:$/, /^[\w.+~-]+ \([\dT:Z -]+\)$/, " "],
  [/^\s*Version: .*\([\dT:Z -]*$/, /^[\dT:Z -]*\)$/, ""],
  [/^\s*Transaction: .*(?:rebase|deploy|--[a-z-]+)$/, new RegExp(`^${reference}$`), " "],
  [/^\s*Initiator: client\([^()]*$/, /^(?:dbus|unit|uid|agent):[^()]*\)$/, " "],
  [/^\s*Initiator: client\([^()]*$/, /^[^()]*\)$/, ""],
  // Up to the digest; the rest of that may follow in another line.
  [
    /^(?:\s*|.{1,4}\s+|\s*Transaction: .*\s)(?:ostree-|pivot:)[^\s@]*$/,
    /^(?!ostree-|pivot:)[\w./:-]*@(?:sha256:[0-9a-f]{0,64})?$/,
    "",
  ],
];

/** A digest that was broken somewhere; whether it was is told by what the two give. */
const started = /(?:@|@s|@sh|@sha|@sha2|@sha25|@sha256|(?:@|Digest: +)sha256:[0-9a-f]{0,63}|Commit: +[0-9a-f]{1,63})$/;
const finished = /(?:(?:@|Digest: +)sha256:|Commit: +)[0-9a-f]{64}(?: \([^()]*\))?$/;

function join(before: string, next: string): string | null {
  if (next === "") return null;
  for (const [end, start, between] of breaks) {
    if (end.test(before) && start.test(next)) return `${before}${between}${next}`;
  }
  const joined = `${before}${next}`;
  return started.test(before) && /^\S+(?: \([^()]*\))?$/.test(next) && finished.test(joined) ? joined : null;
}
