// The image source: where the boot image is fetched from, which may be a mirror of the release's own address.

/** The URL under a mirror's folder: the same file name, without the query. A mirror that is undefined changes nothing. */
export function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined) return url;
  const { pathname } = new URL(url);
  return `${mirror.replace(/\/+$/, "")}/${pathname.slice(pathname.lastIndexOf("/") + 1)}`;
}
