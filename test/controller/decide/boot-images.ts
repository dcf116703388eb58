// Boot images as they are wanted, of any release, to be altered by a test.
import type { ImportedImage } from "../../../controller/decide/boot-image.ts";

export function imageOf(release: string, over: Partial<ImportedImage> = {}): ImportedImage {
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
