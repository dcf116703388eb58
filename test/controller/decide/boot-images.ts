// Boot images as they are wanted, of any release, to be altered by a test.
import type { BootImageTarget } from "../../../controller/decide/boot-image.ts";

export function imageOf(release: string, over: Partial<BootImageTarget> = {}): BootImageTarget {
  const url = `https://mirror/${release}.ova`;
  return {
    stream: "default",
    architecture: "x86_64",
    release,
    version: "4.21.9",
    url,
    sha256: `of-${release}`,
    ...over,
  };
}
