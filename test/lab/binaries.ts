// The binaries of the lab: real servers built once from their pinned Go modules, and OpenShift's CRDs from theirs.
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { withLock } from "./lock.ts";
import { cacheRoot, inheritedEnvironment } from "./settings.ts";

const servers = fileURLToPath(new URL("servers", import.meta.url));

const kubernetesVersion = ["gitVersion=v1.37.2", "gitMajor=1", "gitMinor=37"].map(
  (setting) => `-X k8s.io/component-base/version.${setting}`,
);

interface Build {
  module: string;
  packages: string[];
  about: string;
  flags?: string[];
  environment?: Record<string, string>;
}

const builds: Build[] = [
  { module: "node", packages: ["./rpm-ostree"], about: "rpm-ostree player", environment: { CGO_ENABLED: "0" } },
  { module: "vsphere", packages: ["./vcenter", "./govc"], about: "vCenter simulator and govc" },
  {
    module: "machine-api",
    packages: ["machineset", "vsphere", "nodelink-controller"].map(
      (name) => `github.com/openshift/machine-api-operator/cmd/${name}`,
    ),
    about: "Machine API controllers",
  },
  {
    module: "kubernetes",
    packages: ["go.etcd.io/etcd/server/v3", "k8s.io/kubernetes/cmd/kube-apiserver"],
    about: "etcd and kube-apiserver",
    flags: kubernetesVersion,
  },
];

const crds = [
  "machine/v1beta1/zz_generated.crd-manifests/0000_10_machine-api_01_machines-TechPreviewNoUpgrade.crd.yaml",
  "machine/v1beta1/zz_generated.crd-manifests/0000_10_machine-api_01_machinesets-TechPreviewNoUpgrade.crd.yaml",
  "machine/v1/zz_generated.crd-manifests/0000_10_control-plane-machine-set_01_controlplanemachinesets-Default.crd.yaml",
  "payload-manifests/crds/0000_10_config-operator_01_featuregates.crd.yaml",
  "payload-manifests/crds/0000_10_config-operator_01_infrastructures-Default.crd.yaml",
  "payload-manifests/crds/0000_03_config-operator_01_proxies.crd.yaml",
  "payload-manifests/crds/0000_80_machine-config_01_machineconfigurations-TechPreviewNoUpgrade.crd.yaml",
  "payload-manifests/crds/0000_80_machine-config_01_machineconfigpools-Default.crd.yaml",
  "payload-manifests/crds/0000_80_machine-config_01_machineconfigs.crd.yaml",
  "payload-manifests/crds/0000_80_machine-config_01_machineosconfigs.crd.yaml",
  "config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_dnses.crd.yaml",
  "config/v1/zz_generated.crd-manifests/0000_00_cluster-version-operator_01_clusterversions-Default.crd.yaml",
];

/** The directory with the servers' binaries and `crds/`; built on first use, with progress told to `say`. */
export async function binaries(signal: AbortSignal, say: (line: string) => void): Promise<string> {
  const directory = join(cacheRoot(), await fingerprint());
  if (await exists(directory)) {
    await utimes(directory, new Date(), new Date());
    return directory;
  }
  await mkdir(cacheRoot(), { recursive: true });
  await withLock(`${directory}.lock`, { signal, say }, async () => {
    if (await exists(directory)) return;
    const unfinished = await mkdtemp(`${directory}.`);
    try {
      await buildAll(unfinished, signal, say);
      await rename(unfinished, directory).catch(async (error: unknown) => {
        if (!(await exists(directory))) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
  await forgetOld();
  return directory;
}

/** Builds that nothing has used for a month: each change of the servers leaves 300 MB. */
async function forgetOld(): Promise<void> {
  const month = 30 * 24 * 3600 * 1000;
  for (const name of await readdir(cacheRoot())) {
    const path = join(cacheRoot(), name);
    const { mtimeMs } = await stat(path);
    if (/^[0-9a-f]{16}$/.test(name) && Date.now() - mtimeMs > month) await rm(path, { recursive: true, force: true });
  }
}

async function buildAll(target: string, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  say("Building the servers of the lab from source, once: about 10 minutes on 2 cores, seconds with a warm Go cache.");
  for (const [index, build] of builds.entries()) {
    const started = Date.now();
    say(`  [${index + 1}/${builds.length}] ${build.about} ...`);
    await execa(
      "go",
      [
        "build",
        "-trimpath",
        "-buildvcs=false",
        "-ldflags",
        ["-s -w", ...(build.flags ?? [])].join(" "),
        "-o",
        `${target}/`,
        ...build.packages,
      ],
      {
        cwd: join(servers, build.module),
        env: { ...inheritedEnvironment(), ...build.environment },
        extendEnv: false,
        cancelSignal: signal,
      },
    );
    say(`  [${index + 1}/${builds.length}] ${build.about}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
  await rename(join(target, "server"), join(target, "etcd")).catch(() => undefined);
  await copyCrds(join(target, "crds"), signal);
}

async function copyCrds(target: string, signal: AbortSignal): Promise<void> {
  const options = {
    cwd: join(servers, "machine-api"),
    env: inheritedEnvironment(),
    extendEnv: false,
    cancelSignal: signal,
  };
  const module = "github.com/openshift/api";
  await execa("go", ["mod", "download", module], options);
  const { stdout } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", module], options);
  await mkdir(target, { recursive: true });
  for (const crd of crds) await cp(join(stdout, crd), join(target, crd.slice(crd.lastIndexOf("/") + 1)));
}

/** Hash of everything that the binaries are made from. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([builds, crds]));
  const entries = await readdir(servers, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && /^go\.(mod|sum)$|(?<!_test)\.go$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const source of sources) hash.update(relative(servers, source)).update(await readFile(source));
  return hash.digest("hex").slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
