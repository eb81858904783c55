import type { BrowserContext } from '@playwright/test';
import { readConnectionLog } from '../support/connection-log.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect, person } from '../support/e2e.ts';
import type { RunningMosquitto } from '../support/mosquitto.ts';
import { test } from '../support/streamed-tabs.ts';

// Two tabs of one browser, on the demo's broker and on a real Mosquitto.

async function openTab(context: BrowserContext, url: string): Promise<ConsolePage> {
  const console = new ConsolePage(await context.newPage());
  await console.page.goto(url);
  return console;
}

/** The tab is at that broker, with a live link. */
async function liveAt(console: ConsolePage, broker: string, tab: 'leader' | 'follower'): Promise<void> {
  await console.live();
  await expect(console.link).toHaveAttribute('data-tab', tab);
  await expect(console.page.getByRole('banner')).toContainText(broker);
}

const brokerField = (console: ConsolePage) => console.page.getByLabel('Broker', { exact: true });
const operator = (mosquitto: RunningMosquitto) => mosquitto.credentials.users['operator']!;

async function chooseAnotherBroker({ page }: ConsolePage): Promise<void> {
  await page.getByRole('button', { name: 'Who is signed in' }).click();
  await page.getByRole('button', { name: 'Another broker' }).click();
}

test('one tab leaves for another broker: the other stays signed in, and after a reload each is where it was', async ({
  context,
  demo,
  mosquitto,
}) => {
  const [demoBroker, other] = ['Demo broker', mosquitto.ws];
  const one = await openTab(context, demo.url);
  await one.signIn(person(demo, 'operator'));
  await liveAt(one, demoBroker, 'leader');
  const two = await openTab(context, demo.url);
  await liveAt(two, demoBroker, 'follower');

  // The one that has the link leaves: that is the harder case.
  await chooseAnotherBroker(one);
  await expect(brokerField(one)).toHaveValue('');
  await liveAt(two, demoBroker, 'leader');
  await one.page.getByLabel('Stay signed in in this tab').check();
  await one.signIn(operator(mosquitto), mosquitto.ws);
  await liveAt(one, other, 'leader');
  await liveAt(two, demoBroker, 'leader');

  // A new tab goes where the last sign-in went; one that is reloaded stays.
  const three = await openTab(context, demo.url);
  await liveAt(three, other, 'follower');
  await three.page.close();
  await two.page.reload();
  await expect(brokerField(two)).toHaveValue(demoBroker);
  await two.signIn(person(demo, 'operator'));
  await liveAt(two, demoBroker, 'leader');
  await one.page.reload();
  await liveAt(one, other, 'leader');
  await liveAt(two, demoBroker, 'leader');
  expect(readConnectionLog(mosquitto.log())).toMatchObject({ mostAtOnce: 1, openNow: 1 });
  expect([...one.errors, ...two.errors]).toEqual([]);
});

test('the address of another broker in one of two tabs: the other stays signed in, and the way back asks nothing', async ({
  context,
  demo,
  mosquitto,
}) => {
  const brokers = [
    { name: 'Mill', urls: ['mqtt'], root: 'devices' },
    { name: 'Quarry', urls: [mosquitto.ws], root: 'devices' },
  ];
  await context.route('**/config.json', (route) => route.fulfill({ json: { brokers } }));
  const one = await openTab(context, demo.url);
  await one.signIn(person(demo, 'operator'), 'Mill');
  await liveAt(one, 'Mill', 'leader');
  const two = await openTab(context, demo.url);
  await liveAt(two, 'Mill', 'follower');

  await two.go('#/fleet?broker=Quarry');
  await expect(brokerField(two)).toHaveValue('Quarry');
  await two.signIn(operator(mosquitto));
  await liveAt(two, 'Quarry', 'leader');
  await liveAt(one, 'Mill', 'leader');
  await two.page.reload();
  await expect(brokerField(two)).toHaveValue('Quarry');
  await liveAt(one, 'Mill', 'leader');

  await two.go('#/fleet?broker=Mill');
  await liveAt(two, 'Mill', 'follower');
  await liveAt(one, 'Mill', 'leader');
  expect([...one.errors, ...two.errors]).toEqual([]);
});
