import type { Flow, LinkError, LinkReport } from '../../../engine-api/link-report.ts';
import type { EngineClient } from '../../engine.svelte.ts';
import { perSecond } from './flow-rows.ts';

const EVERY_MS = 1_000;
/** A rate is the mean over so many reports: calm enough to be read, short enough to follow. */
const WINDOW = 6;

/** The link's reports, asked for once a second while somebody looks at the page. */
export class LinkReports {
  #reports = $state.raw<readonly LinkReport[]>([]);
  readonly #engine: EngineClient;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** Begins to ask; the answer ends it. */
  begin(): () => void {
    let over = false;
    const ask = async () => {
      // Another page may be on top of this one, or none: nobody would read the answer.
      if (document.hidden) return;
      try {
        const report = await this.#engine.call('linkReport');
        if (!over) this.#take(report);
      } catch {
        // No home is open, or its leader is being replaced: there is nothing to report.
        if (!over) this.#reports = [];
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }

  get errors(): readonly LinkError[] {
    return this.#reports.at(-1)?.errors ?? [];
  }

  /** When bytes last came, epoch ms. The link's own state says it at its last change only. */
  get heardAt(): number | undefined {
    return this.#reports.at(-1)?.heardAt;
  }

  /** Since the tab with the connection opened it. */
  total(way: 'in' | 'out'): Flow | undefined {
    return this.#reports.at(-1)?.[way];
  }

  /** `undefined` until two reports have come. */
  rate(way: 'in' | 'out'): Flow | undefined {
    const [first, last] = [this.#reports[0], this.#reports.at(-1)];
    return first && last && perSecond(first[way], last[way], last.at - first.at);
  }

  #take(report: LinkReport): void {
    const last = this.#reports.at(-1);
    // Another tab holds the connection now, with a clock and counts of its own.
    const anew = last !== undefined && (report.at <= last.at || report.in.mqtt < last.in.mqtt);
    this.#reports = anew ? [report] : [...this.#reports, report].slice(-WINDOW);
  }
}
