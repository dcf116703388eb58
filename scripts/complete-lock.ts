// Lock completion: adds to package-lock.json the optional platform packages that npm leaves out where the registry does not serve them.
// Without them `npm ci` refuses the lock. Run it after each change of dependencies: `npm install … && npx node scripts/complete-lock.ts`.
import { readFile, writeFile } from "node:fs/promises";

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

const platforms = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const architectures = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];

const lock: { packages: Record<string, Entry> } = JSON.parse(await readFile("package-lock.json", "utf8"));
let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const os = platforms.find((platform) => name.includes(platform));
    const cpu = architectures.find((architecture) => name.includes(architecture));
    if (lock.packages[path] !== undefined || os === undefined || cpu === undefined) continue;
    lock.packages[path] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, os: [os], cpu: [cpu] };
    added += 1;
  }
}
const packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile("package-lock.json", `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.error(`added ${added} optional platform packages to package-lock.json`);
