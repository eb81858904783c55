import type { Scope, ScopedDevice } from './rule.ts';

/** Whether a rule of this scope is about the device. */
export function inScope(scope: Scope, device: ScopedDevice): boolean {
  switch (scope.of) {
    case 'all':
      return true;
    case 'devices':
      return scope.ids.includes(device.id);
    case 'kind':
      return device.kind === scope.kind;
    case 'filter':
      return (
        fits(scope.id, device.id) && fits(scope.model, device.model) && fits(scope.location, device.location)
      );
  }
}

function fits(pattern: string | undefined, text: string | undefined): boolean {
  return pattern === undefined || (text !== undefined && matchesPattern(pattern, text));
}

/**
 * Whether all of `text` fits `pattern`, in which `*` stands for anything; upper and lower case are the same. Takes at most
 * pattern times text steps: both are foreign, so this is no regular expression.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let p = 0;
  let star = -1;
  let retry = 0;
  for (let t = 0; t < given.length;) {
    if (wanted[p] === '*') {
      star = p++;
      retry = t;
    } else if (p < wanted.length && wanted[p] === given[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}
