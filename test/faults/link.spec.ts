import mqtt from 'mqtt';
import { longestAbsence, readConnectionLog } from '../support/connection-log.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect } from '../support/e2e.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { LONG } from '../support/long.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';
import { connectDevice } from '../support/sequence-device.ts';
import { BOARD, openTabs, test as base, type Tab } from '../support/streamed-tabs.ts';

/** Design: a link is stale after 1.5 x keepalive + 2 s without bytes. */
const STALE_MS = 24_500;
const OFFLINE_MS = 60_000;
/** More than the broker waits for a silent client. */
const STILL_MS = 300_000;
const AWAY_MS = LONG ? 600_000 : 15_000;

const test = base.extend<{ hole: FaultProxy }>({
  hole: async ({ mosquitto }, use) => {
    const proxy = await FaultProxy.start(Number(new URL(mosquitto.ws).port));
    await use(proxy);
    await proxy.stop();
  },
});

/** In `npm test` these are played with injected time: see half-open.test.ts and test/unit/engine. */
const long = LONG ? test : test.skip;

/** Everything that looks live on the page. */
const liveValues = ({ page }: Tab) => page.locator('[data-source="live"]');

/** Sends JSON as it stands to the board, from its page; with no link it is left to wait. */
async function send({ page, console }: Tab, json: string): Promise<void> {
  await console.go(`#/device/${BOARD}`);
  const form = page.locator('[data-command-form="raw"]');
  await form.getByRole('textbox', { name: /json/i }).fill(json);
  await form.getByRole('button', { name: /^(Send|Queue until .*)$/ }).click();
  await expect(page.locator('[data-command]').first()).toBeVisible();
}

/** What reaches the board, as it would itself see it: each message as often as it comes. */
async function witness({ credentials, ws }: RunningMosquitto) {
  const client = await mqtt.connectAsync(ws, { ...credentials.users['operator']!, reconnectPeriod: 200 });
  const seen: string[] = [];
  client.on('message', (_topic, payload) => void seen.push(String(payload)));
  await client.subscribeAsync(`devices/${BOARD}/cmd`, { qos: 1 });
  return { seen, end: () => client.endAsync(true) };
}

interface State {
  /** Epoch ms. */
  readonly at: number;
  readonly link: string;
}

/** Runs in a page: notes many times a second what the link is said to be. */
function noteStates(): void {
  const states: State[] = [];
  Object.assign(globalThis, { states });
  const note = () => {
    const link = document.querySelector<HTMLElement>('[data-link]')?.dataset['link'] ?? 'none';
    states.push({ at: Date.now(), link });
  };
  // The first at once: the page may stand still before the clock strikes.
  note();
  setInterval(note, 20);
}

/** When the longest pause between two looks was over, and how long it was, ms. */
function longestPause(states: readonly State[]): [over: number, ms: number] {
  let found: [number, number] = [0, 0];
  for (const [i, { at }] of states.entries()) {
    const pause = i === 0 ? 0 : at - states[i - 1]!.at;
    if (pause > found[1]) found = [at, pause];
  }
  return found;
}

long(
  'the network becomes a black hole: nothing looks live in time, and it is live within 10 s of its healing',
  async ({ context, demo, mosquitto, hole, stream: _sends }) => {
    test.setTimeout(120_000);
    const [tab] = await openTabs(context, demo, { ...mosquitto, ws: hole.url }, 0);
    hole.dig();
    const dug = Date.now();
    await expect(tab!.console.link).toHaveAttribute('data-link', /stale|offline/, { timeout: 40_000 });
    expect(Date.now() - dug).toBeLessThan(STALE_MS);
    await expect(liveValues(tab!)).toHaveCount(0);
    expect(hole.counts.swallowed).toBeGreaterThan(0);
    // Long enough that the socket is given up and new attempts fall into the hole too.
    await expect(tab!.console.link).toHaveAttribute('data-link', /offline|connecting/, { timeout: 30_000 });
    hole.heal(true);
    const healed = Date.now();
    await expect(tab!.console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live', {
      timeout: 20_000,
    });
    expect(Date.now() - healed).toBeLessThan(10_000);
    expect(tab!.console.errors.filter((text) => !/WebSocket/.test(text))).toEqual([]);
  },
);

long(
  'the browser is offline: what is sent meanwhile waits, is not called sent, and arrives once and in order',
  async ({ context, demo, mosquitto, stream: _sends }) => {
    test.setTimeout(OFFLINE_MS + 120_000);
    const [tab] = await openTabs(context, demo, mosquitto, 0);
    const { seen, end } = await witness(mosquitto);
    await tab!.console.go(`#/device/${BOARD}`);
    await tab!.page.getByLabel(/valid for/i).selectOption({ label: '1 h' });
    await context.setOffline(true);
    await expect(tab!.console.link).not.toHaveAttribute('data-link', 'live', { timeout: 30_000 });
    const begun = Date.now();
    const texts = ['{"id":"one"}', '{"id":"two"}', '{"id":"three"}'];
    for (const text of texts) await send(tab!, text);
    const commands = tab!.page.locator('[data-command]');
    await expect(commands).toHaveCount(3);
    while (Date.now() - begun < OFFLINE_MS) {
      for (const command of await commands.all())
        await expect(command).toHaveAttribute('data-outcome', 'queued');
      await tab!.page.waitForTimeout(1_000);
    }
    expect(seen).toEqual([]);
    await context.setOffline(false);
    await tab!.console.live(30_000);
    await expect.poll(() => new Set(seen).size, { timeout: 20_000 }).toBe(3);
    // Nothing came to the broker for longer than it waits.
    expect(longestAbsence(mosquitto.log())).toBeGreaterThan((OFFLINE_MS - STALE_MS) / 1_000);
    expect(seen).toEqual(texts);
    await end();
  },
);

long(
  'the browser stands still for longer than the broker waits: nothing looks live, and it is back by itself',
  async ({ browser, demo, mosquitto, stream: _sends }) => {
    test.setTimeout(STILL_MS + 120_000);
    const { executablePath, args, ignoreDefaultArgs } = test.info().project.use.launchOptions!;
    const server = await browser.browserType().launchServer({ executablePath, args, ignoreDefaultArgs });
    const own = await browser.browserType().connect(server.wsEndpoint());
    const [tab] = await openTabs(await own.newContext(), demo, mosquitto, 0);
    await tab!.page.evaluate(noteStates);
    // All of its processes: they are a group of their own.
    const group = -server.process().pid!;
    process.kill(group, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, STILL_MS));
    process.kill(group, 'SIGCONT');
    let [woke, pause, doubted, back] = [0, 0, 0, 0];
    await expect
      .poll(
        async () => {
          const states = await tab!.page.evaluate(
            () => (globalThis as unknown as { states: State[] }).states,
          );
          // The first that is said after the standstill, which is the longest time between two looks.
          [woke, pause] = longestPause(states);
          doubted = states.find(({ at, link }) => at >= woke && link !== 'live')?.at ?? 0;
          back = states.find(({ at, link }) => doubted > 0 && at > doubted && link === 'live')?.at ?? 0;
          return back;
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    expect(pause).toBeGreaterThan(20_000);
    // The broker gave it up meanwhile; a process that stands still closes nothing.
    const away = (STILL_MS - STALE_MS - 5_000) / 1_000;
    await expect.poll(() => longestAbsence(mosquitto.log())).toBeGreaterThan(away);
    expect(doubted - woke).toBeLessThan(1_000);
    expect(back - woke).toBeLessThan(10_000);
    await expect(tab!.console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live');
    expect(readConnectionLog(mosquitto.log())).toMatchObject({ connects: 2, mostAtOnce: 1, openNow: 1 });
    await own.close();
    await server.close();
  },
);

/** The board as a device that does each command once, whatever comes how often, and answers each time. */
async function idempotentBoard({ credentials, mqtt: address }: RunningMosquitto) {
  const client = await mqtt.connectAsync(address, { ...credentials.devices[BOARD]!, clientId: BOARD });
  const got: string[] = [];
  const effects = new Map<string, unknown>();
  client.on('message', (_topic, payload) => {
    const { id, args } = JSON.parse(String(payload));
    got.push(id);
    if (!effects.has(id)) effects.set(id, args);
    // As small devices do; at QoS 1 the broker would keep it for the page, which would not have to ask again.
    client.publish(`devices/${BOARD}/ack`, JSON.stringify({ id, ok: true }), { qos: 0 });
  });
  const retained = { qos: 1, retain: true } as const;
  const commands = [{ name: 'blink', args: { type: 'object', properties: { times: { type: 'integer' } } } }];
  await client.publishAsync(`devices/${BOARD}/meta`, JSON.stringify({ commands }), retained);
  await client.publishAsync(`devices/${BOARD}/status`, '{"online":true}', retained);
  await client.subscribeAsync(`devices/${BOARD}/cmd`, { qos: 1 });
  return { got, effects, end: () => client.endAsync(true) };
}

test('a PUBACK is lost: "not confirmed" until the link is back, two deliveries, and one effect', async ({
  context,
  demo,
  mosquitto,
  hole,
}) => {
  const board = await idempotentBoard(mosquitto);
  const page = await context.newPage();
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.signIn(mosquitto.credentials.users['operator']!, hole.url);
  await console.live();
  await console.go(`#/device/${BOARD}`);
  const form = page.locator('[data-command-form="blink"]');
  await form.getByLabel('times').fill('3');
  hole.dig('to-client');
  await form.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => board.got).toHaveLength(1);
  await expect.poll(() => hole.counts.swallowed).toBeGreaterThan(0);
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'sent');
  await expect(command).toContainText('not confirmed');
  hole.heal(true);
  hole.reset();
  await expect(command).toHaveAttribute('data-outcome', 'done', { timeout: 20_000 });
  expect(board.got).toEqual([board.got[0], board.got[0]]);
  expect([...board.effects.values()]).toEqual([{ times: 3 }]);
  await expect(page.locator('[data-command]')).toHaveCount(1);
  await board.end();
});

test('the broker comes back without any memory: subscribed again, and a gap in the chart', async ({
  context,
  demo,
}) => {
  const mosquitto = await startMosquitto({ persistence: false });
  const board = await connectDevice(mosquitto.mqtt, BOARD, mosquitto.credentials.devices[BOARD]!);
  await board.send(20);
  const page = await context.newPage();
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.signIn(mosquitto.credentials.users['operator']!, mosquitto.ws);
  await console.live();
  await board.send(20);
  await console.go(`#/device/${BOARD}?range=15m`);
  await expect(console.channel(BOARD, 'n')).toHaveText(/39/);
  board.drop();
  await mosquitto.down();
  // It looks live until the page has heard of the end.
  await expect(console.link).not.toHaveAttribute('data-link', 'live');
  await mosquitto.up();
  await console.live(30_000);
  expect(mosquitto.starts()).toBe(2);
  await console.go('#/connection');
  await expect(page.getByText('begun anew')).toBeVisible();
  // Nothing is kept for somebody who has not subscribed yet.
  await expect(page.locator('[data-right="devices/+/telemetry"]')).toContainText('granted');
  await console.go(`#/device/${BOARD}?range=15m`);
  const again = await connectDevice(mosquitto.mqtt, BOARD, mosquitto.credentials.devices[BOARD]!);
  await again.send(5);
  await expect(console.channel(BOARD, 'n')).toHaveText(/4/);
  await expect(console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live');
  await expect(page.locator('[data-chart="n"]')).toHaveAttribute('data-gaps', '1');
  await again.end();
  await mosquitto.stop();
});

test('another client has our id and does not let go: the page stops and says so, and nobody fights', async ({
  context,
  demo,
  mosquitto,
  stream: _sends,
}) => {
  const [tab] = await openTabs(context, demo, mosquitto, 0);
  const clientId = /as (tt[a-z0-9]{21}) /.exec(mosquitto.log())![1]!;
  const thief = await mqtt.connectAsync(mosquitto.ws, {
    ...mosquitto.credentials.users['operator']!,
    ...{ clientId, protocolVersion: 5, reconnectPeriod: 200 },
  });
  // Mosquitto closes the older link without a word, so it takes three of those to know.
  await expect(tab!.console.link).toHaveAttribute('data-link', 'refused', { timeout: 40_000 });
  await expect(tab!.page.getByText(/another client/i).first()).toBeVisible();
  await expect(liveValues(tab!)).toHaveCount(0);
  await expect.poll(() => thief.connected).toBe(true);
  const { connects, takenOver } = readConnectionLog(mosquitto.log());
  // Ours by the other one, three times, and the other's by us in between.
  expect(takenOver).toBeGreaterThanOrEqual(5);
  // As long as several attempts would take.
  await tab!.page.waitForTimeout(12_000);
  expect(thief.connected).toBe(true);
  expect(readConnectionLog(mosquitto.log())).toMatchObject({ connects, openNow: 1 });
  await thief.endAsync();
});

test('the broker is away: back by itself, a gap, and what was queued is expired and never seen', async ({
  context,
  demo,
  mosquitto,
}) => {
  test.setTimeout(AWAY_MS + 150_000);
  const board = await connectDevice(mosquitto.mqtt, BOARD, mosquitto.credentials.devices[BOARD]!);
  await board.send(20);
  const page = await context.newPage();
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.signIn(mosquitto.credentials.users['operator']!, mosquitto.ws);
  await console.live();
  await board.send(5);
  await console.go(`#/device/${BOARD}?range=15m`);
  await expect(console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live');
  await page.getByLabel(/valid for/i).selectOption({ index: 0 });
  board.drop();
  await mosquitto.down('SIGKILL');
  const begun = Date.now();
  await expect(console.link).toHaveAttribute('data-link', /offline|connecting/);
  await send({ page, console }, '{"id":"late"}');
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'queued');
  await expect(command).toHaveAttribute('data-outcome', 'expired', { timeout: 30_000 });
  await page.waitForTimeout(Math.max(0, begun + AWAY_MS - Date.now()));
  await mosquitto.up();
  const returned = Date.now();
  expect(mosquitto.starts()).toBe(2);
  const { seen, end } = await witness(mosquitto);
  await console.live(60_000);
  test.info().annotations.push({ type: 'back after', description: `${Date.now() - returned} ms` });
  await expect(page.locator('[data-chart="n"]')).toHaveAttribute('data-gaps', '1');
  await send({ page, console }, '{"id":"now"}');
  await expect.poll(() => seen).toEqual(['{"id":"now"}']);
  await expect(page.locator('[data-outcome="expired"]')).toHaveCount(1);
  await end();
});
