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

/** What is built into one directory of the cache. */
interface BuildSet {
  about: string;
  builds: Build[];
  crds: string[];
}

interface Build {
  module: string;
  packages: string[];
  about: string;
  flags?: string[];
  environment?: Record<string, string>;
}

const openshift: Build[] = [
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

const cluster: BuildSet = {
  about: "the servers of the lab from source, once: about 10 minutes",
  builds: openshift,
  crds,
};

/** What a cluster whose nodes run needs besides. */
const kubelets: BuildSet = {
  about: "kubelets and what they need from source, once: about 5 minutes",
  builds: [
    {
      module: "kubernetes",
      packages: ["kubelet", "kube-scheduler", "kube-controller-manager"].map((name) => `k8s.io/kubernetes/cmd/${name}`),
      about: "kubelet, kube-scheduler and kube-controller-manager",
      flags: kubernetesVersion,
    },
    { module: "node", packages: ["./pause"], about: "pause", environment: { CGO_ENABLED: "0" } },
  ],
  crds: [],
};

/** The directory with the servers' binaries and `crds/`; built on first use, with progress told to `say`. */
export async function binaries(signal: AbortSignal, say: (line: string) => void): Promise<string> {
  return await built(cluster, signal, say);
}

/** The same for kubelet, kube-scheduler, kube-controller-manager and pause. */
export async function kubeletBinaries(signal: AbortSignal, say: (line: string) => void): Promise<string> {
  return await built(kubelets, signal, say);
}

async function built(set: BuildSet, signal: AbortSignal, say: (line: string) => void): Promise<string> {
  const directory = join(cacheRoot(), await fingerprint(set));
  if (await exists(directory)) {
    await utimes(directory, new Date(), new Date());
    return directory;
  }
  await mkdir(cacheRoot(), { recursive: true });
  await withLock(`${directory}.lock`, { signal, say }, async () => {
    if (await exists(directory)) return;
    const unfinished = await mkdtemp(`${directory}.`);
    try {
      say(`Building ${set.about} on 2 cores, seconds with a warm Go cache.`);
      for (const [index, build] of set.builds.entries()) {
        say(`  [${index + 1}/${set.builds.length}] ${build.about} ...`);
        const started = Date.now();
        await buildOne(build, unfinished, signal);
        say(`  [${index + 1}/${set.builds.length}] ${build.about}: ${Math.round((Date.now() - started) / 1000)} s`);
      }
      await rename(join(unfinished, "server"), join(unfinished, "etcd")).catch(() => undefined);
      if (set.crds.length > 0) await copyCrds(join(unfinished, "crds"), signal);
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

async function buildOne(build: Build, target: string, signal: AbortSignal): Promise<void> {
  const ldflags = ["-s -w", ...(build.flags ?? [])].join(" ");
  await execa(
    "go",
    ["build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", `${target}/`, ...build.packages],
    {
      cwd: join(servers, build.module),
      env: { ...inheritedEnvironment(), ...build.environment },
      extendEnv: false,
      cancelSignal: signal,
    },
  );
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
async function fingerprint({ builds, crds }: BuildSet): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([builds, crds]));
  const modules = [...new Set(builds.map(({ module }) => module))].sort();
  const entries = await Promise.all(
    modules.map((module) => readdir(join(servers, module), { recursive: true, withFileTypes: true })),
  );
  const sources = entries
    .flat()
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
