// The command `hold`: keeps bootwarden from moving a MachineSet.
import { machineSetAnnotations } from "../../common/annotations.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { resources } from "../kube/resource.ts";
import { machineSetNamed } from "../machine-set-named.ts";
import { holdPatch } from "../machine-set-patch.ts";
import { text } from "../text/screen.ts";
import { good } from "../text/span.ts";

export const hold: Command = {
  name: "hold",
  kind: "Act",
  arguments: ["MACHINESET"],
  flags: [],
  summary: "Leave a MachineSet where it is, whatever release comes, until it is resumed.",
  about: ["It sets bootwarden.io/hold. The MachineSet's nodes are verified as before, and its templates are kept."],
  examples: [{ does: "Freeze one MachineSet before a change", line: "kubectl bootwarden hold worker-a" }],
  run: async ({ arguments: [typed = ""] }, session) => {
    const api = await session.api();
    const { name, held, template } = await machineSetNamed(api, typed);
    if (held) {
      await session.print([text(`MachineSet ${name} is on hold already; nothing was changed.`)]);
      return exitCodes.done;
    }
    await api.patch({
      resource: resources.machineSets,
      name,
      type: "merge-patch",
      body: holdPatch(true),
      dryRun: false,
    });
    const stays = `MachineSet ${name} is on hold (${machineSetAnnotations.hold}=true): it stays at ${template ?? "no template"}.`;
    await session.print([text([good("held "), stays])]);
    return exitCodes.done;
  },
};
