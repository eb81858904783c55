import { seededRandom } from '../../src/demo/seeded-random.ts';
import { readConnectionLog } from '../support/connection-log.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect } from '../support/e2e.ts';
import { LONG } from '../support/long.ts';
import {
  account,
  handOvers,
  newLeader,
  openTabs,
  queueWhileAway,
  silence,
  test,
  type Account,
  type Tab,
} from '../support/streamed-tabs.ts';

const RANDOM_MS = LONG ? 300_000 : 30_000;

/** Telemetry at QoS 1 in a session that waits: what the hand-over costs is time, and no reading. */
const NOTHING_LOST: Partial<Account> = { lost: [], storedTwice: 0 };

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

test.beforeEach(async ({ context, demo, mosquitto }) => {
  if (test.info().title.includes('QoS 0')) return;
  await queueWhileAway(context, demo.url, mosquitto.ws);
});

test('the leader is closed, three times: the next value is at a follower in under 0.5 s, and none is lost', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  const tabs = await openTabs(context, demo, mosquitto, 3);
  const { times, heir } = await handOvers(tabs, ({ page }) => page.close({ runBeforeUnload: false }));
  expect(median(times)).toBeLessThan(500);
  const log = readConnectionLog(mosquitto.log());
  // Who hears of the leaving first may lead for a moment before another one does.
  expect(log.connects).toBeGreaterThanOrEqual(4);
  expect(log).toMatchObject({ mostAtOnce: 1, takenOver: 0, openNow: 1 });
  expect(await account(heir, stream)).toMatchObject(NOTHING_LOST);
  expect(tabs.flatMap(({ console }) => console.errors)).toEqual([]);
});

test('the leader navigates away, three times: the next value is at a follower in under 0.5 s, and none is lost', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  const tabs = await openTabs(context, demo, mosquitto, 3);
  const { times, heir } = await handOvers(tabs, ({ page }) => page.goto('about:blank'));
  expect(median(times)).toBeLessThan(500);
  const log = readConnectionLog(mosquitto.log(), times.length);
  expect(log.connects).toBeGreaterThanOrEqual(4);
  // A browser closes the socket of a page that was left when it likes: the broker may have closed it for the heir by then.
  expect(log).toMatchObject({ mostAtOnce: 1, openNow: 1 });
  expect(await account(heir, stream)).toMatchObject(NOTHING_LOST);
});

test('the leader is left and come back to: it follows, and there is one connection', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  let [left, other] = (await openTabs(context, demo, mosquitto, 1)) as [Tab, Tab];
  // Playwright loses sight of a page that comes back this way; another tab of the origin sees what it writes down.
  const noted = (key: string) => other.page.evaluate((name) => localStorage.getItem(name), key);
  // Whether a page is kept is the browser's decision: one that it did not keep loads anew, and is a follower.
  let rounds = 0;
  for (; rounds < 5 && (await noted('kept')) === null; rounds++) {
    await left.page.evaluate(() => {
      addEventListener('pageshow', () => localStorage.setItem('kept', 'yes'));
      const link = document.querySelector('[data-tab]')!;
      const note = () => localStorage.setItem('role', `${link.getAttribute('data-tab')}`);
      new MutationObserver(note).observe(link, { attributes: true });
    });
    await other.page.bringToFront();
    const begun = Date.now();
    await left.page.goto(new URL('config.json', demo.url).href);
    await newLeader([other]);
    expect(await silence(other, begun)).toBeLessThan(1_000);
    await left.page.evaluate(() => setTimeout(() => history.back()));
    const loaded = () => left.page.evaluate(() => document.querySelector('[data-tab="follower"]') !== null);
    await expect
      .poll(async () => (await noted('kept')) !== null || (await loaded().catch(() => false)))
      .toBe(true);
    if ((await noted('kept')) === null) [left, other] = [other, left];
  }
  expect(await noted('kept')).toBe('yes');
  await expect.poll(() => noted('role')).toBe('follower');
  await silence(other, Date.now());
  const log = readConnectionLog(mosquitto.log(), rounds);
  expect(log).toMatchObject({ mostAtOnce: 1, openNow: 1 });
  expect(await account(other, stream)).toMatchObject(NOTHING_LOST);
});

test('at QoS 0 the leader is closed: nothing is stored twice, and a few readings may be lost', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  const tabs = await openTabs(context, demo, mosquitto, 1);
  const { times, heir } = await handOvers(tabs, ({ page }) => page.close({ runBeforeUnload: false }));
  const { lost, storedTwice } = await account(heir, stream);
  test
    .info()
    .annotations.push({ type: 'lost at QoS 0', description: `${lost.length} readings at 100 a second` });
  expect(storedTwice).toBe(0);
  // No more than came while there was no link, and in the second that was not flushed yet: a closed tab is not asked.
  expect(lost.length).toBeLessThanOrEqual((times[0]! + 1_000) / 10 + 20);
});

test('the leader crashes, twice: the next value is at a follower in under 1 s, and none is lost', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  const tabs = await openTabs(context, demo, mosquitto, 2);
  const { times, heir } = await handOvers(tabs, async ({ page }) => {
    const crashed = page.waitForEvent('crash');
    const session = await context.newCDPSession(page);
    session.send('Page.crash').catch(() => {
      // There is nobody left to answer.
    });
    await crashed;
  });
  const log = readConnectionLog(mosquitto.log(), times.length);
  expect(log).toMatchObject({ connects: 3, mostAtOnce: 1, openNow: 1 });
  expect(await account(heir, stream)).toMatchObject(NOTHING_LOST);
});

test('the leader hangs in the middle of a write: the next value is at a follower in under 8 s, and the two do not fight', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  const [leader, ...followers] = await openTabs(context, demo, mosquitto, 2);
  const begun = Date.now();
  // The worst moment: a transaction is open that no other tab can end.
  const hung = leader!.page.workers()[0]!.evaluate(async () => {
    const { commit } = IDBTransaction.prototype;
    return new Promise<number>((resolve) => {
      IDBTransaction.prototype.commit = function () {
        commit.call(this);
        if (!this.objectStoreNames.contains('batches')) return;
        IDBTransaction.prototype.commit = commit;
        const from = Date.now();
        while (Date.now() - from < 12_000);
        resolve(Date.now() - from);
      };
    });
  });
  const heir = await newLeader(followers, 12_000);
  expect(await silence(followers.at(-1)!, begun)).toBeLessThan(8_000);
  expect(await hung).toBeGreaterThanOrEqual(12_000);
  await leader!.console.live();
  await expect(leader!.console.link).toHaveAttribute('data-tab', 'follower');
  await silence(leader!, Date.now());
  await expect(heir.console.link).toHaveAttribute('data-tab', 'leader');
  // Its socket was open when the second CONNECT came: the broker closed it, and it did not come back.
  const log = readConnectionLog(mosquitto.log(), 1);
  expect(log).toMatchObject({ connects: 2, mostAtOnce: 1, openNow: 1 });
  expect(await account(heir, stream)).toMatchObject(NOTHING_LOST);
});

/** The password is with the tabs alone: when the last one that has it is closed, a person has to type it again. */
async function someoneSignedIn(tabs: readonly Tab[]): Promise<void> {
  const states = () =>
    Promise.all(tabs.map((tab) => tab.console.link.getAttribute('data-link').catch(() => null)));
  await expect.poll(states, { timeout: 30_000 }).toContain('live');
}

test('tabs are opened, closed, left and reloaded at random: never more than one connection', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  test.setTimeout(RANDOM_MS + 150_000);
  const random = seededRandom(4, 'tabs');
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  /** Half of the time the one that leads: it is what matters. */
  const pickTab = async (): Promise<Tab> => {
    if (random() < 0.5) return pick(tabs);
    for (const tab of tabs) {
      if ((await tab.console.link.getAttribute('data-tab').catch(() => null)) === 'leader') return tab;
    }
    return pick(tabs);
  };
  let tabs: Tab[] = await openTabs(context, demo, mosquitto, 1);
  const all = [...tabs];
  const done = { opened: 0, closed: 0, reloaded: 0 };
  /** How often a tab was taken away that led, or that did not say whether it does. */
  const led = { closed: 0, reloaded: 0 };
  const isToBe = async (how: keyof typeof led, tab: Tab): Promise<void> => {
    await someoneSignedIn(tabs.filter((one) => one !== tab));
    if ((await tab.console.link.getAttribute('data-tab').catch(() => null)) !== 'follower') led[how]++;
  };
  const end = Date.now() + RANDOM_MS;
  // On a busy machine it takes longer until each has happened often enough.
  while (Date.now() < end || Math.min(done.opened, done.closed, done.reloaded) < 4) {
    const choice = random();
    if (tabs.length < 3 || (choice < 0.45 && tabs.length < 10)) {
      const page = await context.newPage();
      const tab = { page, console: new ConsolePage(page) };
      tabs.push(tab);
      all.push(tab);
      await page.goto(demo.url);
      done.opened++;
    } else if (choice < 0.85) {
      const tab = await pickTab();
      await isToBe('closed', tab);
      tabs = tabs.filter((one) => one !== tab);
      await tab.page.close();
      done.closed++;
    } else {
      const tab = await pickTab();
      await isToBe('reloaded', tab);
      await tab.page.reload();
      done.reloaded++;
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
  }
  await newLeader(tabs);
  for (const tab of tabs) await tab.console.live();
  const leaders = async () => {
    const roles = await Promise.all(tabs.map((tab) => tab.console.link.getAttribute('data-tab')));
    return roles.filter((role) => role === 'leader').length;
  };
  await expect.poll(leaders).toBe(1);
  // A tab that is closed takes its socket with it; that of a page that was left is closed when the browser likes.
  const log = readConnectionLog(mosquitto.log(), led.reloaded);
  const { connects, takenOver } = log;
  const made = led.closed + led.reloaded;
  const description = `${connects} for ${made} hand-overs, ${takenOver} of them before the older was closed`;
  test.info().annotations.push({ type: 'connections', description });
  expect(connects).toBeGreaterThan(3);
  // Who hears of a leaving first may lead for a moment before another one does.
  expect(connects).toBeLessThanOrEqual(1 + 2 * made);
  expect(log).toMatchObject({ mostAtOnce: 1, openNow: 1 });
  expect(all.flatMap((tab) => tab.console.errors)).toEqual([]);
  expect(await account(tabs[0]!, stream)).toMatchObject(NOTHING_LOST);
});
