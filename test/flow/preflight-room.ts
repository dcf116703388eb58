// The preflight room: a vCenter with an account for each lack of the role, and one that lacks nothing.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import type { Kept } from "../../controller/decide/keep.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { role } from "../../controller/vsphere/role.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { startVCenter, type VCenter } from "../lab/vcenter.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";

const privileges = [...new Set(role.map(({ privilege }) => privilege))];
const password = "lab-password";
export const exact = "exact@vsphere.local";
export const without = (privilege: string) => `without-${privilege}@vsphere.local`;
export const poor = "poor@vsphere.local";
/** May not allocate space on the first zone's datastore. */
export const elsewhere = "elsewhere@vsphere.local";

/** What asks for every part of the role. */
export const all: Kept = {
  diskProvisioning: undefined,
  diskBytes: 2 ** 30,
  mostDiskBytes: null,
  hardware: 20,
  tagIDs: [],
  snapshots: ["linked"],
  notKept: [],
};

export interface PreflightRoom {
  room: EngineRoom;
  vcenter: VCenter;
  admin: Session;
  /** A finished template. */
  source: { reference: Reference; image: ReturnType<EngineRoom["request"]>["image"] };
  /** Does the work as an account, and logs out. */
  as: (username: string, work: Work) => Promise<Told>;
  inventory: () => Promise<string>;
  close: () => Promise<void>;
}

type Work = (session: Session, context: EngineRoom["context"]) => Promise<{ reference: Reference }>;

export interface Told {
  notices: Notice[];
  thrown: unknown;
  made: Reference | undefined;
}

export async function openPreflightRoom(): Promise<PreflightRoom> {
  const room = await openEngineRoom();
  const accounts = [
    { username: exact, password, privileges },
    ...privileges.map((one) => ({ username: without(one), password, privileges: privileges.filter((p) => p !== one) })),
    { username: poor, password, privileges: [] },
    { username: elsewhere, password, privileges, denied: [{ name: "ds-a", privileges: ["Datastore.AllocateSpace"] }] },
  ];
  const file = join(room.ground.directory, "accounts.json");
  await writeFile(file, JSON.stringify(accounts), { mode: 0o600 });
  const vcenter = await startVCenter(room.ground, { name: "vcenter-of-roles", flags: [`--accounts=${file}`] });
  const admin = await openSession({ ...room.access, url: vcenter.url }, room.context);
  const wanted = room.request();
  const { reference } = await importTemplate(admin, wanted, room.context);
  return {
    room,
    vcenter,
    admin,
    source: { reference, image: wanted.image },
    as: (username, work) => as({ room, vcenter }, username, work),
    inventory: async () =>
      (await vcenter.govc("find", "/", "-type", "m")) + (await vcenter.govc("find", "-i", "/", "-type", "m")),
    close: async () => {
      await admin.close();
      await room.close();
    },
  };
}

async function as(
  { room, vcenter }: Pick<PreflightRoom, "room" | "vcenter">,
  username: string,
  work: Work,
): Promise<Told> {
  const notices: Notice[] = [];
  const context = { ...room.context, onNotice: (notice: Notice) => void notices.push(notice) };
  const session = await openSession({ ...room.access, url: vcenter.url, username, password }, room.context);
  try {
    return { notices, thrown: undefined, made: (await work(session, context)).reference };
  } catch (thrown) {
    return { notices, thrown, made: undefined };
  } finally {
    await session.close();
  }
}
