// The releases of a run of faults: each newer than the one before.

export function releases(): () => string {
  let day = 0;
  return () => {
    day += 1;
    return `9.8.${20270000 + day}-0`;
  };
}
