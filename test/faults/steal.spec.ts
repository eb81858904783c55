import { readConnectionLog } from '../support/connection-log.ts';
import { expect } from '../support/e2e.ts';
import { account, newLeader, openTabs, queueWhileAway, silence, test } from '../support/streamed-tabs.ts';

/** Longer than it takes two tabs to steal one after the other. */
const HANG_MS = 6_000;

test('two tabs want to steal the lead at the same moment: one does, and the other sees that it is there', async ({
  context,
  demo,
  mosquitto,
  stream,
}) => {
  await queueWhileAway(context, demo.url, mosquitto.ws);
  const [leader, ...followers] = await openTabs(context, demo, mosquitto, 2);
  const judge = await context.newPage();
  // A page of the same origin with nothing in it.
  await judge.goto(new URL('config.json', demo.url).href);
  // Whoever wants to steal waits for this lock: both are made to stand in front of it before either is let in.
  const steal = await judge.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    const [home] = held.flatMap(({ name = '' }) => (name.includes('|page|') ? name.split('|page|')[0]! : []));
    await new Promise<void>((holds) => {
      void navigator.locks.request(`${home}:steal`, () => {
        holds();
        return new Promise((letIn) => Object.assign(globalThis, { letIn }));
      });
    });
    return `${home}:steal`;
  });
  const waiting = () =>
    judge.evaluate(async (name) => {
      const { pending = [] } = await navigator.locks.query();
      return pending.filter((lock) => lock.name === name).length;
    }, steal);
  const hung = leader!.page.workers()[0]!.evaluate((ms) => {
    const from = Date.now();
    while (Date.now() - from < ms);
  }, HANG_MS);
  // What a page says that goes: every other tab looks whether it led.
  await judge.evaluate(() => new BroadcastChannel('telltale|leaving').postMessage('gone'));
  await expect.poll(waiting).toBe(2);
  const begun = Date.now();
  await judge.evaluate(() => (globalThis as unknown as { letIn: () => void }).letIn());
  const heir = await newLeader(followers);
  await expect.poll(waiting).toBe(0);
  await silence(followers.at(-1)!, begun);
  await hung;
  await expect(leader!.console.link).toHaveAttribute('data-tab', 'follower');
  await silence(leader!, Date.now());
  expect(await newLeader([leader!, ...followers])).toBe(heir);
  const log = readConnectionLog(mosquitto.log(), 1);
  expect(log).toMatchObject({ connects: 2, takenOver: 1, mostAtOnce: 1, openNow: 1 });
  expect(await account(heir, stream)).toMatchObject({ lost: [], storedTwice: 0 });
});
