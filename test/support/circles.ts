/**
 * The groups of two and more that can be reached from each other along the arrows `[from, to]`, each sorted.
 */
export function circlesIn(arrows: readonly (readonly [string, string])[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of arrows) targets.set(from, [...(targets.get(from) ?? []), to]);
  const reachable = new Map([...targets.keys()].map((from) => [from, reach(targets, from)]));
  const isMutual = (one: string, other: string) =>
    reachable.get(one)!.has(other) && reachable.get(other)?.has(one);
  const groups = new Map<string, string[]>();
  for (const from of reachable.keys()) {
    const group = [...reachable.get(from)!].filter((to) => isMutual(from, to)).sort();
    if (group.length > 1) groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reach(targets: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [from];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const to of targets.get(at) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      next.push(to);
    }
  }
  return reached;
}
