// The root of a base image: Node and chroot with the libraries that they need, of this machine, and a user who is not root.
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";

/** Writes it to `root`: as much of an image with Node as bootwarden's needs. */
export async function writeBaseRoot(root: string): Promise<void> {
  const { stdout: chroot } = await execa("sh", ["-c", "command -v chroot"]);
  const programs = { "/usr/bin/node": process.execPath, "/usr/sbin/chroot": chroot.trim() };
  for (const [path, source] of Object.entries(programs)) {
    await copy(source, join(root, path));
    for (const library of await librariesOf(source)) await copy(library, join(root, library));
  }
  await mkdir(join(root, "etc"), { recursive: true });
  await writeFile(join(root, "etc/passwd"), "root:x:0:0::/:/sbin/nologin\ndefault:x:1001:0::/:/sbin/nologin\n");
  await mkdir(join(root, "tmp"));
  await chmod(join(root, "tmp"), 0o1777);
}

async function copy(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target, { dereference: true });
}

/** Paths, with that of the program's loader. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await execa("ldd", [program]);
  return stdout.split("\n").flatMap((line) => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
