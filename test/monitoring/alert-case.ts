// The case of an alert: what makes it fire, with the text that a person then gets, and what comes close and does not.
export interface AlertCase {
  alert: string;
  /** Series and their values, one a minute from minute 0 on, in promtool's notation. */
  fires: Record<string, string>;
  /** Minutes; the default is two hours. */
  at?: number;
  labels: Record<string, string>;
  description: string;
  silent: { why: string; series: Record<string, string>; at?: number }[];
}

/** In minutes. */
export const day = 24 * 60;

/** Longer than any test lasts. */
export const always = "1x1600";

export function failure(labels: string): string {
  return `bootwarden_failure{pod="c-1",${labels}}`;
}

export function scraped(program: string, instance: string): string {
  return `up{job="bootwarden-${program}",namespace="bootwarden",instance="${instance}"}`;
}
