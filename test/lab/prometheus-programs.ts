// The programs of Prometheus: those of this machine, or Debian's package, unpacked and not installed.
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { LabError } from "./lab-error.ts";
import { withLock } from "./lock.ts";
import { cacheRoot, inheritedEnvironment } from "./settings.ts";

export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
}

const names = ["prometheus", "promtool"] as const;
const options = { env: inheritedEnvironment(), extendEnv: false } as const;

/** Where they are. Throws LabError with the reason why there are none. */
export async function prometheusPrograms(
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<PrometheusPrograms> {
  if (await allRun({ prometheus: "prometheus", promtool: "promtool" }, signal))
    return { prometheus: "prometheus", promtool: "promtool" };
  const kept = join(cacheRoot(), "debian-prometheus");
  const programs = { prometheus: join(kept, "usr/bin/prometheus"), promtool: join(kept, "usr/bin/promtool") };
  await mkdir(cacheRoot(), { recursive: true });
  await withLock(`${kept}.lock`, { signal, say }, async () => {
    if ((await stat(kept).catch(() => null)) === null) await unpack(kept, signal);
  });
  if (!(await allRun(programs, signal))) throw new LabError(`Debian's Prometheus in ${kept} does not run here.`);
  return programs;
}

async function allRun(programs: PrometheusPrograms, cancelSignal: AbortSignal): Promise<boolean> {
  const runs = names.map((name) =>
    execa(programs[name], ["--version"], { ...options, cancelSignal, reject: false, timeout: 20_000 }),
  );
  return (await Promise.all(runs)).every(({ failed }) => !failed);
}

async function unpack(target: string, cancelSignal: AbortSignal): Promise<void> {
  const directory = await mkdtemp(`${target}.`);
  try {
    const download = () =>
      execa("apt-get", ["-o", "APT::Sandbox::User=root", "download", "prometheus"], {
        ...options,
        cwd: directory,
        cancelSignal,
        timeout: 300_000,
      });
    // The lists of a machine that is new are empty.
    await download().catch(async () => {
      await execa("apt-get", ["update"], { ...options, cancelSignal, timeout: 300_000 });
      await download();
    });
    const [archive = ""] = (await readdir(directory)).filter((name) => name.endsWith(".deb"));
    await execa("dpkg-deb", ["-x", archive, "unpacked"], { ...options, cwd: directory, cancelSignal });
    await rename(join(directory, "unpacked"), target);
  } catch (cause) {
    const [why] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new LabError(`Prometheus is neither installed here nor to be had from Debian (${why}).`, { cause });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
