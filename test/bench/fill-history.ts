import { setTimeout as delay } from 'node:timers/promises';
import { openApp, type AppPage } from './app-page.ts';
import type { BenchServer } from './bench-server.ts';
import type { Chromium } from './cdp.ts';
import { LoadSource } from './load-source.ts';
import type { PageReading } from './page/bench-page.ts';
import type { Readings } from './readings.ts';
import { RELEASE_CLOCK, workerClock } from './worker-clock.ts';

export interface Filling {
  readonly readings: Readings;
  /** Messages in all. */
  readonly messages: number;
  /** Samples in one message. */
  readonly samplesEach: number;
  /** The time that they are spread over, ms; it ends now. */
  readonly span: number;
}

/** The app with a history, still connected to the broker that it came from. */
export interface Filled {
  readonly app: AppPage;
  readonly url: string;
  readonly source: LoadSource;
}

const PACKETS_A_FRAME = 10;
/**
 * The worker's clock moves as frames arrive, and a client that reads them later dates what is in them later: so only a
 * small part of the whole is under way at once.
 */
const OUTSTANDING = { share: 0.01, least: 200, most: 20_000 };
const POLL_MS = 8;
/** A fill that comes no further for so long is stuck. */
const PATIENCE_MS = 20_000;
const CREDENTIAL = { username: 'bench', password: 'bench' };

/**
 * Fills the app's history through its own worker: messages from a broker, at the worker's moved clock, until all samples
 * are durable. @throws Error when fewer or more of them become durable than were sent
 */
export async function fillHistory(
  server: BenchServer,
  chromium: Chromium,
  filling: Filling,
): Promise<Filled> {
  const { readings, messages, samplesEach, span } = filling;
  const { source, url: brokerUrl } = await LoadSource.packingBroker(PACKETS_A_FRAME);
  const url = server.app({
    profile: { name: 'bench', kind: 'other', urls: [brokerUrl], root: 'devices', protocol: 4 },
    prelude: workerClock(span, (span * PACKETS_A_FRAME) / messages),
  });
  const app = await openApp(chromium, url, 'bench', CREDENTIAL);
  const { share, least, most } = OUTSTANDING;
  const outstanding = Math.min(most, Math.max(least, messages * share));
  source.flood({ readings, outstanding, limit: messages });
  const samples = messages * samplesEach;
  let progress = { stored: 0, received: 0, at: performance.now() };
  for (;;) {
    const { received, stored } = await app.tab.evaluate<PageReading>('bench.read()');
    source.counted(received);
    if (received === messages && stored === samples) break;
    if (received !== progress.received || stored !== progress.stored) {
      progress = { stored, received, at: performance.now() };
    }
    if (received > messages || performance.now() - progress.at > PATIENCE_MS) {
      throw new Error(
        `Of ${messages} messages ${received} came, of ${samples} samples ${stored} were stored.`,
      );
    }
    await delay(POLL_MS);
  }
  await app.tab.evaluate(RELEASE_CLOCK);
  return { app, url, source };
}
