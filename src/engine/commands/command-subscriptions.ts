import type { WantedFilter } from '../../model/convention.ts';
import { maySubscribe, type PolicyDocument } from '../../model/policy.ts';
import type { Reader } from '../reading/reader.ts';
import type { Routes } from '../reading/routes.ts';

export interface CommandSubscriptionsOptions {
  readonly readers: ReadonlyMap<string, Reader>;
  readonly routes: Routes;
  readonly subscriptions: {
    want(filters: readonly WantedFilter[]): boolean;
    drop(filters: readonly string[]): void;
  };
  /** More is asked for from now on. */
  readonly onAsked: () => void;
}

/**
 * What goes to devices (commands, and the configuration that is asked of them) is not for everybody to read: it is asked for
 * where the policy document says that it may be. There are brokers that end the connection of whoever asks for more; where
 * there is no document, it is asked of those alone that say no by a code.
 */
export class CommandSubscriptions {
  readonly #options: CommandSubscriptionsOptions;
  readonly #wanted: readonly (readonly [Reader, WantedFilter])[];
  readonly #asked = new Set<string>();

  constructor(options: CommandSubscriptionsOptions) {
    this.#options = options;
    this.#wanted = [...options.readers.values()].flatMap((reader) =>
      reader.session
        .filters()
        .filter(({ carries }) => carries === 'command')
        .map((wanted) => [reader, wanted] as const),
    );
  }

  /** The policy document is there, or is another. */
  policy(document: PolicyDocument): void {
    this.#ask((filter) => maySubscribe(document, filter));
  }

  /** There is no policy document. */
  unknown(deniesSubscribe: 'code' | 'close' | 'any'): void {
    this.#ask(() => deniesSubscribe === 'code');
  }

  #ask(may: (filter: string) => boolean): void {
    const { routes, subscriptions, onAsked } = this.#options;
    let isNew = false;
    for (const [reader, wanted] of this.#wanted) {
      const { filter } = wanted;
      if (may(filter) === this.#asked.has(filter)) continue;
      if (!this.#asked.delete(filter)) {
        this.#asked.add(filter);
        routes.add(filter, reader);
        subscriptions.want([wanted]);
        isNew = true;
      } else if (routes.remove(filter, reader)) subscriptions.drop([filter]);
    }
    if (isNew) onAsked();
  }
}
