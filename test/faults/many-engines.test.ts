import 'fake-indexeddb/auto';
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { afterEach, expect, test } from 'vitest';
import type { Socket } from '../../src/engine/connection/socket.ts';
import { LONG } from '../support/long.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { HastyClock } from '../support/hasty-clock.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';

const ENGINES = 50;
const FLOOR_MS = 500;
const CAP_VISIBLE_MS = 10_000;
const CAP_HIDDEN_MS = 60_000;

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

test('fifty pages lose their broker: their attempts are spread and capped, and all are back within 70 s', async () => {
  const clock = new HastyClock(LONG ? 1 : 15);
  const broker = await startTestBroker();
  running.push(broker);
  const proxy = await FaultProxy.start(broker.port);
  running.push(proxy);

  const attempts: number[][] = [];
  /** How long each page meant to wait before each attempt: what a busy machine adds to it is not the page's doing. */
  const waits: number[][] = [];
  const pages: TestPage[] = [];
  for (let i = 0; i < ENGINES; i++) {
    const mine: number[] = [];
    attempts.push(mine);
    const meant: number[] = [];
    waits.push(meant);
    let firing: number | undefined;
    const engine = await testEngine({
      clock: {
        now: () => clock.now(),
        elapsed: () => clock.elapsed(),
        after: (ms, run) =>
          clock.after(ms, () => {
            firing = ms;
            run();
            // The socket is opened after some promises of this timer, before the next one of the page.
            setImmediate(() => (firing = undefined));
          }),
      },
      openSocket: (url, subprotocols) => {
        mine.push(clock.now());
        if (firing !== undefined) meant.push(firing);
        return new WebSocket(url, subprotocols) as unknown as Socket;
      },
    });
    running.push(engine);
    const page = new TestPage(engine);
    pages.push(page);
    await page.call('signIn', {
      base: `/herd-${randomBytes(4).toString('hex')}/`,
      profile: { name: 'herd', urls: [proxy.url], root: 'devices', protocol: 4 },
      username: 'operator',
      credential: { username: 'operator', password: 'secret' },
    });
  }
  // Half of them are in the background.
  const hidden = (i: number) => i % 2 === 1;
  pages.forEach((page, i) => hidden(i) && page.hide());

  proxy.refusing = true;
  proxy.reset();
  const downAt = clock.now();
  expect(proxy.counts.resets).toBe(ENGINES);
  await new Promise<void>((resolve) => void clock.after(LONG ? 600_000 : 180_000, resolve));
  const upAt = clock.now();
  proxy.refusing = false;
  await Promise.all(
    pages.map((page) => page.until('live again', () => page.latest.link?.phase === 'live', 75_000)),
  );
  expect(clock.now() - upAt).toBeLessThan(70_000 + clock.latest);
  expect(proxy.counts.refused).toBeGreaterThan(ENGINES * 4);

  const later: number[] = [];
  attempts.forEach((mine, i) => {
    const during = mine.filter((at) => at >= downAt);
    for (const [n, at] of during.slice(1).entries()) {
      expect(at - (during[n] ?? NaN)).toBeGreaterThanOrEqual(FLOOR_MS);
    }
    const meant = waits[i] ?? [];
    expect(meant).toHaveLength(during.length);
    expect(Math.max(...meant)).toBeLessThanOrEqual(hidden(i) ? CAP_HIDDEN_MS : CAP_VISIBLE_MS);
    if (!hidden(i)) later.push(...meant.slice(5));
  });
  // Full jitter between floor and cap: on the average the middle, and spread over the whole.
  const mean = later.reduce((sum, wait) => sum + wait, 0) / later.length;
  expect(mean).toBeGreaterThan(4_000);
  expect(mean).toBeLessThan(6_500);
  expect(later.filter((wait) => wait < 3_000).length).toBeGreaterThan(later.length / 10);
  expect(later.filter((wait) => wait > 7_500).length).toBeGreaterThan(later.length / 10);
}, 800_000);
