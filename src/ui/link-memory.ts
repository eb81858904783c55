import { DEFAULT_LINK_SETTINGS, type LinkSettings } from '../model/link-settings.ts';
import type { BrokerProfile } from '../model/broker.ts';

/** What was chosen in this browser for the link to each broker. */
export class LinkMemory {
  readonly #key: string;

  /** `base` keeps two consoles on one origin apart. */
  constructor(base: string) {
    this.#key = `telltale:${base}:link`;
  }

  /** What holds for a broker: this browser's choice, else the administrator's, else the default. */
  of(profile: BrokerProfile): LinkSettings {
    const given = { ...DEFAULT_LINK_SETTINGS, ...profile.link };
    const chosen = this.#all().get(profile.name);
    if (typeof chosen !== 'object' || chosen === null) return given;
    const { record, queue } = chosen as Record<string, unknown>;
    return {
      record: record === 'everything' || record === 'viewed' ? record : given.record,
      queue: typeof queue === 'boolean' ? queue : given.queue,
    };
  }

  choose(broker: string, settings: LinkSettings): void {
    const all = this.#all().set(broker, settings);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...all]));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }

  #all(): Map<string, unknown> {
    try {
      const list: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '[]');
      return new Map(Array.isArray(list) ? (list as [string, unknown][]) : []);
    } catch {
      return new Map();
    }
  }
}
