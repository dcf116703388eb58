// The faults of a published image: what its server does wrong, and how often.

export interface Faults {
  /** Offsets in the image at which the connection breaks, each once. */
  cutAt?: number[];
  /** Offsets at which nothing more comes over the connection, each once. */
  stallAt?: number[];
  /** Requests that are answered with 503 before one is served; Infinity: all. */
  unavailable?: number;
  /** From the second request on there is another image of the same size. */
  replaced?: boolean;
  /** Requests for a range are answered with the whole image. */
  wholeOnly?: boolean;
  /** Neither ETag nor Last-Modified is told. */
  noValidator?: boolean;
}

export interface FaultyServing {
  /** Whether this request finds the server busy. */
  busy: () => boolean;
  /** The fault that is next from an offset on; it is used up. */
  next: (from: number) => { at: number; kind: "cut" | "stall" } | null;
}

/** Keeps count of the faults of one image. */
export function faultyServing({ cutAt = [], stallAt = [], unavailable = 0 }: Faults): FaultyServing {
  const left = [
    ...cutAt.map((at) => ({ at, kind: "cut" as const })),
    ...stallAt.map((at) => ({ at, kind: "stall" as const })),
  ].toSorted((a, b) => a.at - b.at);
  let refusals = unavailable;
  return {
    busy: () => refusals-- > 0,
    next: (from) => {
      const index = left.findIndex(({ at }) => at >= from);
      return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
    },
  };
}
