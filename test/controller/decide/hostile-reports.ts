// Hostile reports: what somebody who is root on a node might write in place of a report.
import fc from "fast-check";
import { deployment, report } from "./reports.ts";

/** Names that mean something to JavaScript. */
const loaded = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length"];
const numbers = [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, -1, 0.5, Number.MIN_VALUE, -0];
const texts = [
  "",
  "\u0000\u001b[2J\u009b\u202e\u2028",
  '"} 1\nbootwarden_node_verdict{node="other",verdict="Verified",reason="x"} 1\n',
  "@sha256:".repeat(400),
  "../../../../api/v1/secrets",
  "\ud800",
  "x".repeat(4000),
  "//user:password@host",
  "{{template}} %s %n <script>",
];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, ...numbers, ...texts),
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...loaded), fc.string({ maxLength: 8 })), tie("any"), { maxKeys: 4 }),
  ),
})).any;

/** Of a report that is as it should be, some fields replaced, and some added. */
const altered = fc
  .tuple(fc.array(fc.tuple(fc.nat(), value), { maxLength: 4 }), fc.dictionary(fc.constantFrom(...loaded), value))
  .map(([changes, more]) => {
    const whole: object = JSON.parse(JSON.stringify(report()));
    for (const [where, what] of changes) replace(whole, where, what);
    // Not by assignment: that would take __proto__ for what it is.
    return `${JSON.stringify(whole).slice(0, -1)}${Object.entries(more)
      .map(([key, what]) => `,${JSON.stringify(key)}:${JSON.stringify(what)}`)
      .join("")}}`;
  });

function replace(object: object, where: number, what: unknown): void {
  const keys = Object.keys(object);
  const key = keys[where % Math.max(1, keys.length)];
  if (key === undefined) return;
  const inner: unknown = Reflect.get(object, key);
  if (typeof inner === "object" && inner !== null && where % 3 > 0) replace(inner, Math.floor(where / 3), what);
  else Reflect.set(object, key, what);
}

const text = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "binary", maxLength: 300 }));
const maybe = fc.option(text);
const count = fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER));

/** Of this boot and of the right types, with nothing true in it. */
const wellTyped = fc
  .record({
    booted: fc.record({
      image: maybe,
      digest: maybe,
      version: maybe,
      checksum: maybe,
      unlocked: text,
      liveReplaced: maybe,
    }),
    modifications: fc.record({
      layered: count,
      local: count,
      removed: count,
      replaced: count,
      initramfs: fc.boolean(),
    }),
    bootImage: fc.option(fc.record({ release: text, source: text })),
    warnings: fc.array(text, { maxLength: 3 }),
    error: fc.option(fc.record({ reason: fc.oneof(text, fc.constantFrom(...loaded)), message: text })),
  })
  .map(({ booted, ...others }) => JSON.stringify(report({ ...others, booted: deployment(booted) })));

const whole = JSON.stringify(report());
const cut = fc.nat(whole.length).map((length) => whole.slice(0, length));
const deep = fc.nat(2040).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`);
const deepObject = fc.nat(600).map((depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);

/** JSON and what is none, of any size. */
export const hostileText = fc.oneof(
  altered,
  wellTyped,
  cut,
  deep,
  deepObject,
  value.map((one) => JSON.stringify(one)),
  fc.string({ unit: "binary", maxLength: 5000 }),
  fc.constantFrom(`{"v":1e999}`, `{"v":1,"v":0}`, `\ufeff${whole}`, `${whole}${whole}`, " ".repeat(300_000)),
);
