// The tag of the cluster: by it the destruction of the cluster finds the template, whatever becomes of us.
import { failureOf } from "../../common/failure.ts";
import type { Reference } from "../vsphere/answer.ts";
import type { Session } from "../vsphere/session.ts";
import { attachTag, findTag } from "../vsphere/tags.ts";
import type { Context } from "./context.ts";

export interface ClusterTagging {
  /** infrastructureName of the cluster: the tag's name. */
  cluster: string;
  /** The template's folder: the installer tags the one that it made. */
  folder: Reference;
  /** The template's final path, for people. */
  path: string;
  onNotice: Context["onNotice"];
}

/**
 * Attaches it. A cluster on infrastructure of its user's has no such tag, and an account may not be allowed to attach it: that is a
 * notice. Throws VimFault Interrupted only.
 */
export async function attachClusterTag(session: Session, vm: Reference, tagging: ClusterTagging): Promise<void> {
  const { cluster, folder, path, onNotice } = tagging;
  const where = `${path} of vCenter ${session.server}`;
  try {
    const tag = await findTag(session, cluster, [folder]);
    if (tag !== null) return await attachTag(session, tag.id, vm);
    const message = `${where} gets no tag: there is none with the name ${cluster}. Who destroys the cluster removes the template by hand.`;
    onNotice({ type: "Normal", reason: "ClusterTagMissing", message });
  } catch (thrown) {
    const { reason, message } = failureOf(thrown);
    if (reason === "Interrupted") throw thrown;
    onNotice({
      type: "Warning",
      reason: "ClusterTagMissing",
      message: `${where} has not the cluster's tag: ${message}`,
      ...(reason === "NoPermission" && { unlessTold: "TagsNotAllowed" }),
    });
  }
}
