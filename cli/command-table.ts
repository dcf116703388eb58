// The commands, in the order of the help.
import type { Command } from "./command.ts";
import { explain } from "./commands/explain.ts";
import { hold } from "./commands/hold.ts";
import { nodes } from "./commands/nodes.ts";
import { plan } from "./commands/plan.ts";
import { resume } from "./commands/resume.ts";
import { rollback } from "./commands/rollback.ts";
import { status } from "./commands/status.ts";

export const commands: readonly Command[] = [status, nodes, plan, explain, rollback, hold, resume];
