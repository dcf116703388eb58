// The duration in a policy: hours, minutes and seconds as Kubernetes writes them, e.g. 45m or 1h30m.

const form = /^(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds; undefined for what is no duration. */
export function duration(text: string): number | undefined {
  const match = form.exec(text);
  if (text === "" || match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
