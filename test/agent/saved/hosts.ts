// Hosts to print the status of: any that rpm-ostree could have, drawn at random.
import fc from "fast-check";
import { type Host, type Options, type Printed, versions } from "./printer.ts";

const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const digest = hex.map((digits) => `sha256:${digits}`);

const repository = fc.constantFrom(
  "quay.io/openshift-release-dev/ocp-v4.0-art-dev",
  "registry.example.com:5000/ocp/os",
  "image-registry.openshift-image-registry.svc:5000/openshift-machine-config-operator/os-image",
);
const transport = fc.constantFrom(
  "ostree-unverified-registry:",
  "ostree-unverified-image:containers-storage:",
  "ostree-unverified-image:docker://",
  "ostree-image-signed:docker://",
  "ostree-remote-image:fedora:docker://",
  "ostree-remote-registry:fedora:",
);

type Origin = Pick<Printed, "image" | "digest" | "digestSource" | "checksum" | "baseChecksum" | "description">;

/** For containers neither commit is printed (without -v, and never mind -v here). */
const container = fc
  .record({ transport, repository, pinned: fc.boolean(), reference: digest, digest })
  .map(({ transport: by, repository: of, pinned, reference, digest: manifest }): Origin => {
    const image = `${by}${of}${pinned ? `@${reference}` : ":4.20"}`;
    return { image, digest: manifest, digestSource: "manifest", checksum: null, baseChecksum: null, description: null };
  });

const pivot = fc.record({ scheme: fc.constantFrom("pivot://", ""), repository, digest }).map(
  ({ scheme, repository: of, digest: manifest }): Origin => ({
    image: `${scheme}${of}@${manifest}`,
    digest: manifest,
    digestSource: "reference",
    checksum: null,
    baseChecksum: null,
    description: "Managed by machine-config-operator",
  }),
);

const ostree = fc
  .record({
    image: fc.oneof(
      fc.constantFrom(
        "ostree://fedora:fedora/x86_64/coreos/stable",
        "fedora-iot:fedora/stable/x86_64/iot",
        "rojig://updates:fedora-coreos",
        "updates:fedora-coreos-31.20191211.1-1.x86_64",
        "vmcheck",
      ),
      hex,
    ),
    checksum: hex,
    baseChecksum: fc.option(hex),
  })
  .map((keys): Origin => ({ ...keys, digest: null, digestSource: null, description: null }));

const packages = fc.array(
  fc.constantFrom(
    "usbguard",
    "kernel-rt-core",
    "vim-enhanced",
    "foo-1:2.0-3.el9.x86_64",
    "'odd name'",
    "NetworkManager-wifi",
  ),
  { maxLength: 30 },
);

const some = (...values: string[]) => fc.constantFrom([], values);

const deployment = fc
  .record({
    origin: fc.oneof(container, pivot, ostree),
    version: fc.option(fc.constantFrom("9.6.20261028-0", "418.94.202509100653-0", "MKEx/8 2023.05.0", "28 (Atomic)")),
    pinned: fc.boolean(),
    unlocked: fc.constantFrom("none", "none", "development", "hotfix", "transient"),
    liveReplaced: fc.option(hex, { freq: 1 }),
    title: fc.option(fc.constantFrom("Dev overlay on fedora-atomic:fedora/26/x86_64/atomic-host")),
    lists: fc.record({
      RemovedBasePackages: some("kernel-core kernel-modules kernel 4.18.0-147.el8"),
      Replaced: some("microcode_ctl 4:20190618-1.el8 -> 4:20190918-3.el8"),
      LayeredPackages: packages,
      LocalPackages: packages,
      InitramfsEtc: some("/etc/crypttab", "/etc/vconsole.conf"),
    }),
    gpg: fc.constantFrom("none" as const, "unsigned" as const, "valid" as const),
    osname: fc.constantFrom("rhcos", "fedora-coreos"),
  })
  .map(({ origin, ...keys }): Printed => ({ ...origin, ...keys, booted: false, staged: false }));

export const hosts: fc.Arbitrary<Host> = fc
  .record({
    deployments: fc.array(deployment, { minLength: 1, maxLength: 4 }),
    at: fc.nat(3),
    staged: fc.boolean(),
    transaction: fc.option(
      fc.record({
        title: fc.constantFrom(
          "upgrade",
          "rebase --experimental ostree-unverified-registry:quay.io/x@sha256:0",
          "apply-live",
        ),
        client: fc.option(fc.constantFrom("client(id:cli dbus:1.500 unit:session-1.scope uid:0)", "cockpit")),
      }),
    ),
    failedFinalization: fc.option(fc.constantFrom("error: Writing etc: No space left on device", "unit timed out")),
  })
  .map(({ deployments, at, staged, ...host }) => {
    const booted = at % deployments.length;
    return {
      ...host,
      deployments: deployments.map((one, index) => ({
        ...one,
        booted: index === booted,
        staged: staged && index === 0 && booted > 0,
      })),
    };
  });

export const printings: fc.Arbitrary<Options> = fc.record({
  version: fc.constantFrom(...Object.values(versions)),
  verbose: fc.boolean(),
  bootedOnly: fc.boolean(),
  bullet: fc.constantFrom("●" as const, "*" as const),
  columns: fc.constantFrom(80, 120, 200),
});
