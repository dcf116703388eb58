// The blocks of a disk: its chunks joined to mebibytes, since one write of that size costs far less than sixteen of 64 KiB.

const blockBytes = 1 << 20;

/**
 * Two blocks of memory take turns, so a block is valid until the next but one is asked for. What comes slowly is passed on after
 * `milliseconds` (default: 10,000), so that the host is not left without a byte while some come.
 */
export async function* diskBlocks(
  content: AsyncIterable<Buffer>,
  milliseconds = 10_000,
): AsyncGenerator<Buffer, void, undefined> {
  const memory = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)] as const;
  let turn: 0 | 1 = 0;
  let filled = 0;
  let passed = performance.now();
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(memory[turn], filled, at);
      at += copied;
      filled += copied;
      const isDue = filled === blockBytes || performance.now() - passed >= milliseconds;
      if (!isDue) continue;
      yield memory[turn].subarray(0, filled);
      turn = turn === 0 ? 1 : 0;
      filled = 0;
      passed = performance.now();
    }
  }
  if (filled > 0) yield memory[turn].subarray(0, filled);
}
