/**
 * The subjects that NATS gives an MQTT filter: `/` is `.`, `+` is `*`, and a last `#` is two subjects, because `a.>` does
 * not match `a` as `a/#` does.
 */
export function subjects(filter: string): readonly string[] {
  if (filter === '#') return ['>'];
  const subject = filter.replaceAll('/', '.').replaceAll('+', '*');
  if (!subject.endsWith('.#')) return [subject];
  const parent = subject.slice(0, -2);
  return [parent, `${parent}.>`];
}
