// Bytes in words: "940 kB", "67.1 MB", "1.07 GB".

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** Three digits, of the unit in which they say the most. */
export function bytes(count: number): string {
  let [value, unit] = [Math.max(0, count), 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${units[unit]}`;
}
