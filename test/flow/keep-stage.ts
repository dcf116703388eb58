// The stage of what is kept: an engine room with a present template, and imports that keep what MachineSets have.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context, Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { readKept } from "../../controller/apply/read-kept.ts";
import { requireFit } from "../../controller/apply/require-fit.ts";
import type { KeepInput } from "../../controller/decide/keep.ts";
import type { VSphereProvider } from "../../controller/decide/machine-set.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { role } from "../../controller/vsphere/role.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { datacenter } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, zoneA } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

export const gibibyte = 2 ** 30;
export const policy: KeepInput["template"] = { diskProvisioning: "Auto", snapshot: "Auto" };

/** An account with the documented role, but for the right to make snapshots. */
const snapless = { username: "no-snapshots@vsphere.local", password: "lab-password" };
const snaplessPrivileges = [...new Set(role.map(({ privilege }) => privilege))].filter(
  (privilege) => privilege !== "VirtualMachine.State.CreateSnapshot",
);

export interface KeepStage {
  room: EngineRoom;
  recorder: Recorder;
  /** By way of the recorder. */
  session: Session;
  /** Logs the account without the right to make snapshots in, for the length of `work`. */
  asSnapless: <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>;
  /** Imports a template that keeps what the MachineSets have; resolves with it and what was told. */
  importFor: (providers: VSphereProvider[], template?: KeepInput["template"], by?: Session) => Promise<Imported>;
  /** While `work` goes on the method is answered by a fault. */
  refusing: <Result>(method: string, fault: string, work: () => Promise<Result>) => Promise<Result>;
  /** Fails as the move of a MachineSet to the template would. */
  fits: (template: { reference: Reference; path: string }, of: VSphereProvider, by?: Session) => Promise<void>;
  close: () => Promise<void>;
}

type Imported = Awaited<ReturnType<typeof importWith>>;

/** Starts it, with the template `golden`: eagerly zeroed 40 GiB, hardware version 21, snapshot `root`, a permission of its own. */
export async function openKeepStage(): Promise<KeepStage> {
  const directory = await mkdtemp(join(tmpdir(), "keep-stage-"));
  const accounts = join(directory, "accounts.json");
  await writeFile(accounts, JSON.stringify([{ ...snapless, privileges: snaplessPrivileges }]));
  const room = await openEngineRoom([`--accounts=${accounts}`]).finally(() => rm(directory, { recursive: true }));
  const recorder = await room.record();
  const session = await openSession({ ...room.access, url: recorder.url }, room.context);
  await makeGolden(room);
  return {
    room,
    recorder,
    session,
    importFor: (providers, template = policy, by = session) => importWith(room, by, { template, providers }),
    asSnapless: async (work) => {
      const own = await openSession({ ...room.access, ...snapless }, room.context);
      return await work(own).finally(() => own.close());
    },
    refusing: async (method, fault, work) => {
      recorder.interfere = (called) => (called === method ? { fault } : undefined);
      return await work().finally(() => {
        recorder.interfere = () => undefined;
      });
    },
    fits: ({ reference, path }, of, by = session) =>
      requireFit(by, reference, { provider: of, policy: policy.snapshot, path }),
    close: async () => {
      await session.close();
      await room.close();
    },
  };
}

/** A provider spec that names `golden`. */
export function provider(own: Partial<VSphereProvider> = {}): VSphereProvider {
  return { template: "golden", workspace: { datacenter }, networkName: "", diskGiB: 120, ...own };
}

export const linked = provider({ cloneMode: "linkedClone", snapshot: "root" });

async function makeGolden(room: EngineRoom): Promise<void> {
  const { govc } = room.vcenter;
  const path = await room.createVm("golden");
  const disk = [`-ds=${zoneA.datastore}`, "-name=golden/root", "-size=40G", "-thick", "-eager"];
  await govc("vm.disk.create", `-vm=${path}`, ...disk);
  await govc("vm.upgrade", `-vm=${path}`, "-version=21");
  await govc("snapshot.create", `-vm=${path}`, "-m=false", "root");
  await govc("vm.markastemplate", path);
  await govc("permissions.set", "-principal=LAB\\auditor", "-role=ReadOnly", path);
}

async function importWith(room: EngineRoom, session: Session, asked: Parameters<typeof readKept>[1]) {
  const notices: Notice[] = [];
  const context: Context = { ...room.context, onNotice: (notice) => notices.push(notice) };
  const wanted = { ...room.request(), keep: await readKept(session, asked) };
  const made = await importTemplate(session, wanted, context);
  return { made, wanted, told: notices.map(({ reason, message }) => `${reason} ${message}`) };
}
