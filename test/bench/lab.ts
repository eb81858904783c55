import type { BenchServer } from './bench-server.ts';
import type { Chromium } from './cdp.ts';

/** What every figure measures with. */
export interface Lab {
  readonly server: BenchServer;
  /** The built app. */
  readonly dist: string;
  /** The bench's own pages, bundled. */
  readonly peers: ReadonlyMap<string, string>;
  readonly quick: boolean;
  /** Interleaved repetitions of each side. */
  readonly rounds: number;
  /** How long one side is measured in one round, ms; what it does before that to warm up is not counted. */
  readonly windowMs: number;
  /** The browser of all figures that do not need one of their own. */
  readonly chromium: Chromium;
  /** Tells the person what goes on. */
  log(line: string): void;
}
