import type { Convention } from '../model/convention.ts';
import type { Problems } from './problems.ts';
import { Reader } from './reading/reader.ts';
import type { Routes } from './reading/routes.ts';
import type { Subscriptions } from './link/subscriptions.ts';

interface Target {
  readonly routes: Routes;
  readonly subscriptions: Subscriptions;
  readonly problems: Problems;
}

/**
 * Puts the conventions to work on one broker: each has its filters routed and wanted. One that throws is a visible
 * problem, and the others work without it. Answers the readers by the name of their convention.
 */
export function startConventions(
  conventions: readonly Convention[],
  root: string,
  now: number,
  { routes, subscriptions, problems }: Target,
): ReadonlyMap<string, Reader> {
  const readers = new Map<string, Reader>();
  for (const convention of conventions) {
    const { name } = convention;
    try {
      const reader = new Reader(name, convention.create({ root }));
      readers.set(name, reader);
      for (const wanted of reader.session.filters()) {
        // Not for everybody to read: see CommandSubscriptions.
        if (wanted.carries === 'command') continue;
        if (subscriptions.want([wanted])) routes.add(wanted.filter, reader);
        else
          problems.add(
            now,
            wanted.filter,
            `The convention ${name} wants a filter that cannot be subscribed.`,
          );
      }
    } catch (error) {
      problems.add(now, root, `The convention ${name} could not start: ${String(error)}`);
    }
  }
  return readers;
}
