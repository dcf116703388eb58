// The pace of a stream: its bytes per time that was spent waiting for them, so that a slow reader is not held against the sender.

export interface Pace {
  /** Bytes per second that are demanded on the average of a window. */
  bytesPerSecond: number;
  /** Length of a window, in milliseconds of waiting. */
  milliseconds: number;
}

/** Tells for each chunk, by its bytes and the milliseconds that were waited for it, whether a window ends too slow. */
export function paceKeeper({ bytesPerSecond, milliseconds }: Pace): (bytes: number, waited: number) => boolean {
  const window = { bytes: 0, waited: 0 };
  return (bytes, waited) => {
    window.bytes += bytes;
    window.waited += waited;
    if (window.waited < milliseconds) return false;
    const slow = window.bytes < (bytesPerSecond * window.waited) / 1000;
    Object.assign(window, { bytes: 0, waited: 0 });
    return slow;
  };
}
