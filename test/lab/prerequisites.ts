// The prerequisites of the lab: programs that a machine must have before the servers can be built and run.
import { execa } from "execa";
import { LabError } from "./lab-error.ts";
import { inheritedEnvironment } from "./settings.ts";

const programs = [
  { name: "go", arguments: ["version"], remedy: "install Go 1.26 or later (it builds the servers of the lab)" },
  { name: "kubectl", arguments: ["version", "--client"], remedy: "install kubectl 1.30 or later" },
  { name: "setpriv", arguments: ["--version"], remedy: "install util-linux (it ends the servers with the lab)" },
  { name: "chroot", arguments: ["--version"], remedy: "install coreutils (agents inspect their nodes through it)" },
];

/** Throws a LabError that names the first missing prerequisite in one sentence. */
export async function checkPrerequisites(): Promise<void> {
  if (process.platform !== "linux") throw new LabError(`The lab needs Linux, and this is ${process.platform}.`);
  if (process.getuid?.() !== 0) throw new LabError("The lab needs root: agents chroot into the nodes it simulates.");
  for (const program of programs) {
    const { failed } = await execa(program.name, program.arguments, {
      env: inheritedEnvironment(),
      extendEnv: false,
      reject: false,
      timeout: 20_000,
    });
    if (failed) throw new LabError(`${program.name} is missing: ${program.remedy}.`);
  }
}
