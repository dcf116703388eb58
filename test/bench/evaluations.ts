// The evaluations of all Nodes, by the controller's own account.
export interface Evaluations {
  count: number;
  seconds: number;
}

export async function evaluationsOf(metrics: string): Promise<Evaluations> {
  const text = await (await fetch(metrics)).text();
  const value = (name: string) =>
    Number(new RegExp(`^bootwarden_evaluation_seconds_${name}\\{scope="All"\\} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
  return { count: value("count"), seconds: value("sum") };
}
