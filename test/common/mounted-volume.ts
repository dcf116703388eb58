// A mounted volume as the kubelet keeps it: files are links into a directory that is exchanged as a whole.
import { mkdir, mkdtemp, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Brings these files to the volume at `directory`, which they make up from then on (kubelet's AtomicWriter). */
export async function mount(directory: string, files: Record<string, string>): Promise<void> {
  await mkdir(directory, { recursive: true });
  const data = await mkdtemp(join(directory, "..2026_"));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(data, name), text);
    await symlink(`..data/${name}`, join(directory, name)).catch(() => undefined);
  }
  await symlink(data, join(directory, "..data_tmp"));
  await rename(join(directory, "..data_tmp"), join(directory, "..data"));
}
