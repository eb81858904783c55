import type { CommandFilter } from '../../../model/command-filter.ts';
import type { Command, Outcome } from '../../../model/command.ts';
import type { DeviceKey } from '../../../model/device.ts';
import type { EngineClient } from '../../engine.svelte.ts';
import { errorText } from '../../words/error-text.ts';

/** As many as are fetched at a time. */
const PAGE = 200;

/** The log of commands as it is looked at: what was fetched of it, under a filter. */
export class CommandLog {
  readonly #engine: EngineClient;
  #asked = 0;
  text = $state('');
  outcome = $state<Outcome | ''>('');
  device = $state<DeviceKey>('');
  stored = $state.raw<readonly Command[]>([]);
  /** Where the older ones begin, epoch ms; `undefined` when everything that fits is here. */
  next = $state.raw<number>();
  busy = $state(false);
  problem = $state('');
  readonly filter: CommandFilter = $derived({
    ...(this.text.trim() !== '' && { text: this.text }),
    ...(this.outcome !== '' && { outcome: this.outcome }),
    ...(this.device !== '' && { device: this.device }),
  });

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** Fetches the newest that fit, in place of what is here. */
  async fetchNewest(filter: CommandFilter): Promise<void> {
    await this.#fetch(filter, undefined);
  }

  async fetchOlder(): Promise<void> {
    await this.#fetch(this.filter, this.next);
  }

  /** NDJSON of everything that fits, in parts. `told` hears how many commands there are so far. */
  async exported(told: (count: number) => void): Promise<readonly string[]> {
    const { filter } = this;
    const parts: string[] = [];
    let count = 0;
    let before: number | undefined;
    do {
      const page = await this.#engine.call('exportCommands', $state.snapshot(filter), before);
      parts.push(page.text);
      told((count += page.commands));
      before = page.next;
    } while (before !== undefined);
    return parts;
  }

  async #fetch(filter: CommandFilter, before: number | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.busy = true;
    this.problem = '';
    try {
      const plain = $state.snapshot(filter);
      const answer = await this.#engine.call('commandLog', {
        filter: plain,
        limit: PAGE,
        ...(before !== undefined && { before }),
      });
      // Something else was asked for meanwhile.
      if (asked !== this.#asked) return;
      this.stored = before === undefined ? answer.commands : [...this.stored, ...answer.commands];
      this.next = answer.next;
    } catch (error) {
      if (asked === this.#asked) this.problem = errorText(error);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }
}
