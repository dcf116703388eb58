// The figure of a benchmark, from what was measured several times.

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

export function tenths(number: number): number {
  return Math.round(number * 10) / 10;
}

export function hundredths(number: number): number {
  return Math.round(number * 100) / 100;
}
