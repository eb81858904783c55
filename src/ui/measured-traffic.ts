import type { LinkSettings } from '../model/link-settings.ts';

type Mode = LinkSettings['record'];

/** What came over a link while it was used in one way. */
export interface Measured {
  readonly bytesPerMinute: number;
  /** When, epoch ms. */
  readonly at: number;
}

/** What a minute of each way of using the link costs now; `undefined` where that is not known. */
export type Rates = Readonly<Record<Mode, number | undefined>>;

/** A mean over less says little, and what was measured in another way must have left it. */
const SETTLED_MS = 30_000;
const MODES: readonly Mode[] = ['everything', 'viewed'];

/** The bytes a minute of each way of using the link to each broker, as last measured in this browser. */
export class MeasuredTraffic {
  readonly #key: string;
  /** How the link is used, and since when it has been live that way. */
  #use: { readonly broker: string; readonly mode: Mode; readonly since: number } | undefined;
  #notedAt = -Infinity;

  /** `base` keeps two consoles on one origin apart. */
  constructor(base: string) {
    this.#key = `telltale:${base}:traffic`;
  }

  /** As last measured; `undefined` where it never was. */
  of(broker: string, mode: Mode): Measured | undefined {
    const measured = this.#all().get(broker)?.[mode];
    if (typeof measured?.bytesPerMinute !== 'number' || typeof measured.at !== 'number') return undefined;
    return measured;
  }

  /**
   * Takes a look at a live link, or with `undefined` at none; to be called about once a second. Notes twice a minute what
   * has been so for long enough. `now` is epoch ms.
   */
  look(link: { readonly broker: string; readonly mode: Mode } | undefined, rates: Rates, now: number): void {
    if (link === undefined) {
      this.#use = undefined;
      return;
    }
    if (this.#use?.broker !== link.broker || this.#use.mode !== link.mode)
      this.#use = { ...link, since: now };
    if (now - this.#use.since < SETTLED_MS || now - this.#notedAt < SETTLED_MS) return;
    this.#notedAt = now;
    this.#note(link.broker, rates, now);
  }

  #note(broker: string, rates: Rates, at: number): void {
    const all = this.#all();
    const known = { ...all.get(broker) };
    for (const mode of MODES) {
      const bytesPerMinute = rates[mode];
      if (bytesPerMinute !== undefined) known[mode] = { bytesPerMinute, at };
    }
    all.set(broker, known);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...all]));
    } catch {
      // Without storage nothing is remembered, and the page says that it was not measured.
    }
  }

  #all(): Map<string, { [M in Mode]?: Measured }> {
    try {
      const list: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '[]');
      return new Map(Array.isArray(list) ? (list as [string, { [M in Mode]?: Measured }][]) : []);
    } catch {
      return new Map();
    }
  }
}
