// The lack: something that could not be shown, why, and the right that would show it.
import { failureOf } from "../common/failure.ts";
import { ApiError } from "../common/kube/request.ts";
import { grants, RightMissing } from "./kube/right-missing.ts";
import { type Block, command, gap, item, text } from "./text/screen.ts";
import { warn } from "./text/span.ts";

export interface Lack {
  /** What is not shown. */
  what: string;
  message: string;
  right: RightMissing | null;
}

/** What `look` finds; null, with a lack more, where a right is missing or the object cannot be read. Throws where nothing can be had at all. */
export async function orLack<T>(lacks: Lack[], what: string, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    // Whoever has no API server, or no login, has nothing to be shown.
    if (!(error instanceof RightMissing) && (error instanceof ApiError || isLogin(error))) throw error;
    const right = error instanceof RightMissing ? error : null;
    lacks.push({ what, message: right?.message ?? `It cannot be read: ${failureOf(error).message}`, right });
    return null;
  }
}

function isLogin(error: unknown): boolean {
  return failureOf(error).reason === "ApiCredentialsInvalid";
}

/** Each lack, and once for all of them what to ask an admin for. */
export function lackBlocks(lacks: readonly Lack[]): Block[] {
  if (lacks.length === 0) return [];
  const commands = grants(lacks.flatMap(({ right }) => right ?? []));
  return [
    gap,
    ...lacks.map(({ what, message }) => item(warn("Not shown: "), `${what}. ${message}`)),
    ...(commands.length > 0 ? [text("An admin gives the right by:"), ...commands.map(command)] : []),
  ];
}
