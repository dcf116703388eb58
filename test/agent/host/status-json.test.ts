import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseStatusJson } from "../../../agent/host/status-json.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/rpm-ostree-status-${name}.json`, import.meta.url), "utf8");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const one = (keys: object) =>
  JSON.stringify({ deployments: [{ checksum: "c", booted: true, ...keys }], transaction: null });
const bootedOf = (text: string) => parseStatusJson(text).deployments.find(({ booted }) => booted);

describe("the fixtures", () => {
  test("a container deployment with its rollback", () => {
    const status = parseStatusJson(fixture("container"));
    const image =
      "ostree-unverified-registry:quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:a4dddd0a769460ae253414223a0c8b0e565d564762e705db47824cec70b1bc74";
    expect(status.deployments).toHaveLength(2);
    expect(status.deployments[0]).toEqual({
      booted: true,
      staged: false,
      image,
      digest: image.split("@")[1],
      digestSource: "manifest",
      version: "9.6.20261028-0",
      checksum: "5a9dd067865d5edb09b6127cb70a2757d5801f33ffef127a58dc8b177fe5cdcc",
      baseChecksum: null,
      pinned: false,
      unlocked: "none",
      liveReplaced: null,
    });
    expect(status).toMatchObject({ state: "idle", transaction: null, warnings: [] });
    expect(status.modifications).toEqual({ layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false });
  });

  test("a pivot origin: the digest is the reference's", () => {
    expect(bootedOf(fixture("legacy-pivot"))).toMatchObject({
      image: expect.stringMatching(/^pivot:\/\/quay\.io\//),
      digest: "sha256:ff9c8a9e2de909256377723df79f7656df3152ed259bbf1d30aa22b279931580",
      digestSource: "reference",
      pinned: false,
      unlocked: "none",
    });
  });

  test("a layered deployment without a digest: base checksum and the count of packages", () => {
    const status = parseStatusJson(fixture("local-storage-no-digest"));
    expect(status.deployments[0]).toMatchObject({
      digestSource: "reference",
      baseChecksum: "5a9dd067865d5edb09b6127cb70a2757d5801f33ffef127a58dc8b177fe5cdcc",
    });
    expect(status.modifications.layered).toBe(1);
  });
});

describe("the digest and the image", () => {
  const reference = `ostree-unverified-registry:r.example/os@${digest("a")}`;
  test.each<[string, object, object]>([
    [
      "the reported digest goes before the reference's",
      { "container-image-reference": reference, "container-image-reference-digest": digest("b") },
      { image: reference, digest: digest("b"), digestSource: "manifest" },
    ],
    [
      "then the base commit's metadata",
      {
        "container-image-reference": reference,
        "base-commit-meta": { "ostree.manifest-digest": digest("c"), "ostree.manifest": "{" },
      },
      { digest: digest("c"), digestSource: "manifest" },
    ],
    [
      "then the reference",
      { "container-image-reference": reference },
      { digest: digest("a"), digestSource: "reference" },
    ],
    [
      "a tag is no digest",
      { "container-image-reference": "ostree-unverified-registry:r.example/os:latest" },
      { digest: null, digestSource: null },
    ],
    [
      "a digest of another form is none",
      { "container-image-reference-digest": "sha256:ABC" },
      { digest: null, digestSource: null },
    ],
    [
      "a digest of another form is not replaced by the reference's: it may be another",
      { "container-image-reference": reference, "container-image-reference-digest": "sha512:00" },
      { image: reference, digest: null, digestSource: null },
    ],
    [
      "text around a digest makes it none",
      { "container-image-reference-digest": `x ${digest("b")}` },
      { digest: null },
    ],
    [
      "metadata that is no object is ignored",
      { "container-image-reference": reference, "base-commit-meta": "?" },
      { digestSource: "reference" },
    ],
    [
      "a container reference goes before a custom origin",
      { "container-image-reference": reference, "custom-origin": ["other", "text"] },
      { image: reference },
    ],
    [
      "a pure ostree origin",
      { origin: "fedora:fedora/x86_64/coreos/stable" },
      { image: "fedora:fedora/x86_64/coreos/stable", digest: null, digestSource: null },
    ],
    [
      "a pivot goes before the commit that it is pinned to",
      { origin: "e".repeat(64), "custom-origin": [`pivot://r.example/os@${digest("a")}`, "Managed by x"] },
      { image: `pivot://r.example/os@${digest("a")}`, digest: digest("a"), digestSource: "reference" },
    ],
    [
      "an empty custom origin is none",
      { origin: "e".repeat(64), "custom-origin": ["", ""] },
      { image: "e".repeat(64) },
    ],
    [
      "a digest that cannot be read leaves the metadata's",
      { "container-image-reference-digest": "?", "base-commit-meta": { "ostree.manifest-digest": digest("c") } },
      { digest: digest("c"), digestSource: "manifest" },
    ],
    ["a live change that was interrupted", { "live-inprogress": "f".repeat(64) }, { liveReplaced: "f".repeat(64) }],
    ["no origin at all", {}, { image: null, digest: null, version: null }],
    [
      "a live-applied deployment",
      { "live-replaced": "d".repeat(64), unlocked: "hotfix", pinned: true },
      { liveReplaced: "d".repeat(64), unlocked: "hotfix", pinned: true },
    ],
  ])("%s", (_, keys, wanted) => {
    expect(bootedOf(one(keys))).toMatchObject(wanted);
  });

  test("a huge base-commit-meta is dropped", () => {
    const meta = { "ostree.manifest": "x".repeat(1_000_000), "ostree.manifest-digest": digest("c") };
    expect(JSON.stringify(parseStatusJson(one({ "base-commit-meta": meta }))).length).toBeLessThan(1000);
  });
});

describe("what is booted, staged and going on", () => {
  test("the flag decides, not the index", () => {
    const text = JSON.stringify({
      deployments: [
        { staged: true, version: "new" },
        { booted: true, version: "old" },
      ],
    });
    expect(bootedOf(text)?.version).toBe("old");
    expect(parseStatusJson(text).deployments[0]?.staged).toBe(true);
  });

  test("busy with a transaction; a missing key is not idle", () => {
    const busy = JSON.stringify({
      deployments: [{ booted: true }],
      transaction: ["upgrade", "client(id:cli)", "unix:x"],
    });
    expect(parseStatusJson(busy)).toMatchObject({
      state: "busy",
      transaction: { title: "upgrade", client: "client(id:cli)" },
    });
    expect(parseStatusJson('{"deployments":[{"booted":true}]}').state).toBeNull();
    const none = '{"deployments":[{"booted":true}],"transaction":["","",""]}';
    expect(parseStatusJson(none)).toMatchObject({ state: "idle", transaction: null });
  });

  test("modifications by kind", () => {
    const keys = {
      packages: ["a", "b"],
      "requested-packages": ["a"],
      "requested-local-packages": ["c"],
      "requested-local-fileoverride-packages": ["d"],
      "base-removals": [["e", []]],
      "base-local-replacements": [["f"]],
      "base-remote-replacements": { "repo=x": [["g"], ["h"]], "repo=y": [["i"]] },
      "initramfs-etc": ["/etc/x"],
    };
    expect(parseStatusJson(one(keys)).modifications).toEqual({
      layered: 2,
      local: 2,
      removed: 1,
      replaced: 4,
      initramfs: true,
    });
  });

  test.each<[string, object, object]>([
    ["the booted deployment's only", { booted: false, packages: ["a"] }, { layered: 0 }],
    ["a request that is inactive does not count", { packages: [], "requested-packages": ["a"] }, { layered: 0 }],
    ["old versions know requests only", { "requested-packages": ["a"] }, { layered: 1 }],
    ["modules", { modules: ["cri-o:1.20"] }, { layered: 1 }],
    [
      "requested replacements from repositories",
      { "requested-base-remote-replacements": [["repo=x", ["a", "b"]]] },
      { replaced: 2 },
    ],
    ["a regenerated initramfs", { "regenerate-initramfs": true }, { initramfs: true }],
  ])("modifications: %s", (_, keys, wanted) => {
    const text = JSON.stringify({ deployments: [{ booted: true, ...keys }, { booted: "booted" in keys }] });
    expect(parseStatusJson(text).modifications).toMatchObject(wanted);
  });

  test("warnings", () => {
    const image = `ostree-unverified-registry:r.example/os@${digest("a")}`;
    const keys = {
      "container-image-reference": image,
      "container-image-reference-digest": digest("b"),
      "finalization-locked": true,
      endoflife: "2020",
    };
    expect(parseStatusJson(one(keys)).warnings).toEqual([
      "booted: locked, a reboot does not finalize it",
      "booted: end of life: 2020",
      "booted: digest is not the reference's",
    ]);
  });
});
