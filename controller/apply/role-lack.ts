// The lack of privileges for a step: what the account misses of its role, by object, in one question to vCenter.
import type { Reference } from "../vsphere/answer.ts";
import type { Place, SeenPlace } from "../vsphere/place.ts";
import { missingPrivileges, type Wanted } from "../vsphere/privileges.ts";
import { type RoleObject, type RolePurpose, role } from "../vsphere/role.ts";
import type { Session } from "../vsphere/session.ts";

export interface RoleLack {
  /** What cannot be done without: the template itself, or something that it is given. */
  without: "template" | Exclude<RolePurpose, "both" | "import" | "clone">;
  /** For people: account, object, privileges and remedy. */
  message: string;
}

export interface RoleNeed {
  purposes: readonly RolePurpose[];
  /** What is not there is not asked about. */
  place: SeenPlace["parts"];
  /** What the MachineSet calls the place. */
  named: Place;
}

/** One for each object that lacks something. Throws VimFault. */
export async function findRoleLacks(session: Session, need: RoleNeed): Promise<RoleLack[]> {
  const missing = await missingPrivileges(session, wantedOf(session.content.rootFolder, need));
  return missing.map(({ without, what, privileges }) => ({
    without,
    message: `The account ${session.account} lacks on ${what}: ${privileges.join(", ")}. Give it a role that has them there, and propagates.`,
  }));
}

interface WantedFor extends Wanted {
  without: RoleLack["without"];
}

/** The role as objects of vCenter, those of one object and purpose together. */
function wantedOf(rootFolder: Reference | undefined, { purposes, place, named }: RoleNeed): WantedFor[] {
  const objects: Record<RoleObject, [Reference | undefined, string]> = {
    vCenter: [rootFolder, "the vCenter"],
    folder: [place.folder, `folder ${place.folderPath}`],
    datastore: [place.datastore, `datastore ${named.datastore}`],
    "resource pool": [place.resourcePool, `resource pool ${named.resourcePool}`],
    network: [place.network, `network ${named.network}`],
  };
  const wanted = new Map<string, WantedFor & { privileges: string[] }>();
  for (const { privilege, on, purpose } of role) {
    const [entity, what] = objects[on];
    if (entity === undefined || !purposes.includes(purpose)) continue;
    const without = purpose === "both" || purpose === "import" || purpose === "clone" ? "template" : purpose;
    const key = `${on} ${without}`;
    const known = wanted.get(key) ?? { entity, what, without, privileges: [] };
    known.privileges.push(privilege);
    wanted.set(key, known);
  }
  return [...wanted.values()];
}
