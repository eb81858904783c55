import type { CallName, Calls } from '../../engine-api/calls.ts';
import type { SeriesId } from '../../engine-api/frame.ts';
import type { OpenDatabase } from '../../storage/open-database.ts';
import type { Clock } from '../time/clock.ts';
import type { History } from './history.ts';
import { openHistory } from './open-history.ts';
import { Overtaking } from './overtaking.ts';

/** What a tab that follows reads from the home's database by itself. */
const READS = {
  series: ({ history, overtaking }: Past, ...[request]: Parameters<Calls['series']>) =>
    overtaking.run(request.purpose, (stillWanted) => history.series(request, stillWanted)),
  overview: ({ history }: Past, ...args: Parameters<Calls['overview']>) => history.overview(...args),
  events: ({ history }: Past, ...args: Parameters<Calls['events']>) => history.events(...args),
  commandLog: ({ history }: Past, ...args: Parameters<Calls['commandLog']>) => history.commands.log(...args),
  exportCommands: ({ history }: Past, ...args: Parameters<Calls['exportCommands']>) =>
    history.commands.exportPage(...args),
  configHistory: ({ history }: Past, ...[device]: Parameters<Calls['configHistory']>) =>
    history.configs.list(device),
  exportHistory: ({ history }: Past, ...args: Parameters<Calls['exportHistory']>) =>
    history.exportPage(...args),
};

interface Past {
  readonly history: History;
  readonly overtaking: Overtaking;
}

type Read = (past: Past, ...args: readonly unknown[]) => Promise<unknown>;

export interface HistoryReaderOptions {
  readonly name: string;
  readonly open: OpenDatabase;
  readonly clock: Clock;
  readonly random: (n: number) => Uint8Array;
}

/** The home's history as a tab has it that does not lead: it reads, and never writes. */
export class HistoryReader {
  readonly #options: HistoryReaderOptions;
  readonly #overtaking = new Overtaking();
  #history: Promise<History> | undefined;
  /** The highest series id when the database was read, and the highest that was heard of. */
  #readUpTo: SeriesId = 0;
  #highest: SeriesId = 0;

  constructor(options: HistoryReaderOptions) {
    this.#options = options;
  }

  /** Whether this is a call that only reads. */
  static reads(name: CallName): boolean {
    return Object.hasOwn(READS, name);
  }

  /** The leader named series up to this id. */
  series(highest: SeriesId): void {
    this.#highest = Math.max(this.#highest, highest);
  }

  /** Carries out a call that only reads; answers `undefined` where there is no database to read. */
  async read(name: CallName, args: readonly unknown[]): Promise<unknown> {
    const history = await this.#current();
    if (history.storage.mode !== 'disk') {
      await this.close();
      return undefined;
    }
    return (READS[name as keyof typeof READS] as Read)({ history, overtaking: this.#overtaking }, ...args);
  }

  async close(): Promise<void> {
    const history = this.#history;
    this.#history = undefined;
    await (await history)?.close();
  }

  /** A series that the leader has begun since is not in the dictionary that was read. */
  async #current(): Promise<History> {
    if (this.#history && this.#highest > this.#readUpTo) await this.close();
    this.#readUpTo = this.#highest;
    this.#history ??= openHistory({ ...this.#options, readOnly: true, onChange: () => {} });
    return this.#history;
  }
}
