// The directory watch: tells when a directory of the host changes, also one that is not there yet or comes back as another.
import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, join } from "node:path";

interface Watched {
  root: string;
  /** Below the root, such as `run/ostree`. */
  path: string;
  changed: () => void;
  /** inotify is out of watches, or the like: the caller's slow check has to do. */
  failed: (error: unknown) => void;
}

/**
 * Watches with inotify from now on until `close`. libostree sets the mtime of `ostree/deploy` after each change of the deployments for
 * exactly this purpose; that is IN_ATTRIB of the directory itself, which libuv reports as a change.
 * While the directory is missing, its nearest ancestor below the root is watched for the next name of the path.
 */
export class DirectoryWatch {
  readonly #watched: Watched;
  #watcher: FSWatcher | null = null;
  #closed = false;

  constructor(watched: Watched) {
    this.#watched = watched;
    this.arm();
  }

  /** Starts anew, for example after inotify was out of watches. */
  arm(): void {
    this.#watcher?.close();
    this.#watcher = null;
    const names = this.#watched.path.split("/");
    for (let depth = names.length; depth >= 0 && !this.#closed; depth -= 1) {
      if (this.#watch(names.slice(0, depth).join("/"), names[depth])) return;
    }
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
  }

  /** False when the directory does not exist. `awaited` is the name that has to appear in it; undefined for the directory that is meant. */
  #watch(path: string, awaited: string | undefined): boolean {
    const directory = join(this.#watched.root, path);
    try {
      const watcher = watch(directory, (event, name) => this.#seen(event, { name, directory, awaited }));
      watcher.on("error", (error) => this.#watched.failed(error));
      this.#watcher = watcher;
    } catch (error) {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
        return false;
      this.#watched.failed(error);
      return true;
    }
    // It may have come into being between the two looks.
    if (awaited !== undefined && existsSync(join(directory, awaited))) this.arm();
    return true;
  }

  #seen(event: string, at: { name: string | null; directory: string; awaited: string | undefined }): void {
    if (this.#closed) return;
    const itself = at.name === null || at.name === basename(at.directory);
    if (at.awaited !== undefined && at.name !== at.awaited && !(itself && event === "rename")) return;
    // A rename of the directory itself: it is gone, and the watch with it. Of the awaited name: there is something better to watch.
    if (event === "rename" && (itself || at.awaited !== undefined)) this.arm();
    this.#watched.changed();
  }
}
