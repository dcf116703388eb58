// The import of a benchmark: one process that says that it runs, imports the template that it is told of on stdin, and says what that took.
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { createLog } from "../../common/log.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { openSession } from "../../controller/vsphere/session.ts";
import { type Cost, running, Task } from "./import-task.ts";

process.stdout.write(`${running}\n`);
const { access, image, infrastructureName, place, finalName } = Task.parse(JSON.parse(await text(process.stdin)));
const log = createLog("bench", "silent");
const { signal } = new AbortController();
const session = await openSession(access, { signal, log });
const owner = { infrastructureName, isMachine: () => false };
const context = { signal, log, onProgress: () => undefined, onNotice: () => undefined };
try {
  await importTemplate(session, { image, owner, place, finalName }, context);
} finally {
  await session.close();
}
// Not maxRSS: the kernel hands a parent's highest RSS on to its children.
const highest = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile("/proc/self/status", "utf8"))?.[1];
const written = /^write_bytes: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8"))?.[1];
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const cost: Cost = {
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  rssMiB: Number(highest) / 1024,
  diskBytes: Number(written),
};
console.log(JSON.stringify(cost));
