import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { connectClient } from '../support/broker-clients.ts';
import { expect, person, test } from '../support/e2e.ts';

const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const standing = (page: Page): Locator => section(page, 'Now').locator('[data-alert]');

/** Makes a rule in the form, as a person would: the channel `t` above 80. */
async function makeRule(page: Page, name: string): Promise<void> {
  const rules = section(page, 'Rules');
  await rules.getByRole('button', { name: 'New rule' }).click();
  await rules.getByRole('combobox', { name: /^Channel/ }).fill('t');
  await rules.getByRole('textbox', { name: /^Value/ }).fill('80');
  await rules.getByRole('combobox', { name: /^Devices/ }).selectOption('devices');
  await rules.getByRole('textbox', { name: 'Ids' }).fill('my-board');
  await rules.getByRole('textbox', { name: 'Name' }).fill(name);
  await rules.getByRole('button', { name: 'Save the rule' }).click();
  await expect(rules.locator('[data-rule]')).toHaveCount(1);
}

test('a rule made in the page fires on a published value, is acknowledged, and is over', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'operator'));
  const device = await board();
  await device.sendRaw('{"t":20}');
  await console.go('#/alerts');
  await makeRule(page, 'Too hot');

  await device.sendRaw('{"t":81.5}');
  const alert = standing(page).filter({ hasText: 'Too hot on my-board: t is above 80 (81.5).' });
  await expect(alert).toHaveAttribute('data-state', 'firing');
  await expect(page.getByRole('navigation', { name: 'Pages' }).getByText('firing')).toBeAttached();

  await alert.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(alert).toHaveAttribute('data-state', 'acknowledged');
  await expect(alert).toContainText('acknowledged by operator');

  await device.sendRaw('{"t":20}');
  await expect(alert).toHaveCount(0);
  const over = section(page, 'Over').locator('[data-alert]').filter({ hasText: 'Too hot' });
  await expect(over).toContainText('acknowledged by operator');

  await console.go('#/device/my-board');
  const chart = page.locator('[data-chart="t"]');
  await expect(chart).toHaveAttribute('data-breaches', '1');
});

/** Everything that the page announces from now on: other devices of the fleet are announced in between. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    const place = document.querySelector('[aria-live="assertive"]');
    if (!place) throw new Error('The page announces nothing.');
    new MutationObserver(() => heard.push(place.textContent ?? '')).observe(place, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  return async () => {
    const all = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
    return all.filter((text) => text.startsWith('Too hot'));
  };
}

test('a reload does not announce the same breach a second time', async ({ page, console, demo, board }) => {
  await console.enter(person(demo, 'operator'));
  const device = await board();
  await device.sendRaw('{"t":20}');
  await console.go('#/alerts');
  await makeRule(page, 'Too hot');
  const announced = await listen(page);
  await device.sendRaw('{"t":81.5}');
  await expect(standing(page).filter({ hasText: 'Too hot' })).toHaveAttribute('data-state', 'firing');
  await expect.poll(announced).toHaveLength(1);
  const before = await standing(page).filter({ hasText: 'Too hot' }).getAttribute('data-alert');

  await page.reload();
  await expect(page.locator('[aria-live="assertive"]')).toBeAttached();
  const announcedAgain = await listen(page);
  await console.enter(person(demo, 'operator'));
  const again = standing(page).filter({ hasText: 'Too hot' });
  await expect(again).toHaveAttribute('data-alert', before ?? '');
  await device.sendRaw('{"t":82}');
  await expect(again).not.toContainText('Not known');
  await expect(again).toHaveCount(1);
  await expect(again).toHaveAttribute('data-alert', before ?? '');
  expect(await announcedAgain()).toEqual([]);
});

test('a rule is tried on what is stored before it is saved', async ({ page, console, demo, board }) => {
  await console.enter(person(demo, 'viewer'));
  const device = await board();
  for (const t of [20, 81, 20, 90, 85, 20]) await device.sendRaw(`{"t":${t}}`);
  await console.go('#/device/my-board');
  await expect(console.channel('my-board', 't')).toHaveText(/20/);
  await page.locator('[data-chart="t"]').getByRole('link', { name: 'Alert me about t' }).click();
  const rules = section(page, 'Rules');
  await expect(rules.getByRole('combobox', { name: /^Channel/ })).toHaveValue('t');
  await expect(rules.getByRole('textbox', { name: 'Ids' })).toHaveValue('my-board');
  await rules.getByRole('textbox', { name: /^Value/ }).fill('80');
  await rules.getByRole('button', { name: 'Try', exact: true }).click();
  await expect(rules.getByText('Would have fired 2 times since yesterday')).toBeVisible();
  await expect(rules.locator('[data-rule]')).toHaveCount(0);
  await rules.getByRole('button', { name: 'Cancel' }).click();
  await expect(rules.getByText('You have no rules yet.')).toBeVisible();
});

test('rules go out as JSON and come in again, and a file that is none changes nothing', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'viewer'));
  await console.go('#/alerts');
  await makeRule(page, 'Too hot');
  const rules = section(page, 'Rules');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    rules.getByRole('button', { name: 'Export as JSON' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  await rules.getByRole('button', { name: 'Delete Too hot' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(rules.locator('[data-rule]')).toHaveCount(0);

  const file = (content: string) => ({
    name: 'rules.json',
    mimeType: 'application/json',
    buffer: Buffer.from(content),
  });
  await rules.getByLabel('Rules as JSON').setInputFiles(file('{"version":1,"rules":[{"id":"x"}]}'));
  await expect(rules.getByText('Rule 1: "name" must be a text for people.')).toBeVisible();
  await rules.getByLabel('Rules as JSON').setInputFiles(file(text));
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await expect(rules.locator('[data-rule]')).toContainText('Too hot');
});

test('the rules of the site are offered to a viewer, who adopts them, and an admin takes them away', async ({
  page,
  console,
  demo,
  board,
}) => {
  const rule = {
    id: 'site-hot',
    name: 'Site: too hot',
    on: { when: 'above', channel: 't', value: 80 },
  };
  const admin = await connectClient(demo.mqtt, person(demo, 'admin'), { version: 4 });
  try {
    await console.enter(person(demo, 'viewer'));
    const device = await board();
    await console.go('#/alerts');
    await admin.publish('telltale/rules', JSON.stringify({ version: 1, rules: [rule] }), { retain: true });
    const adopt = page.getByRole('button', { name: 'Adopt 1 rule of this site' });
    await expect(adopt).toBeVisible();
    await device.sendRaw('{"t":90}');
    await expect(standing(page).filter({ hasText: 'Site: too hot' })).toHaveCount(0);
    await adopt.click();
    await expect(page.locator('[data-adopted="1"]')).toBeVisible();
    await device.sendRaw('{"t":91}');
    const alert = standing(page).filter({ hasText: 'Site: too hot' });
    await expect(alert).toHaveAttribute('data-state', 'firing');

    await admin.publish('telltale/rules', '', { retain: true });
    const stop = page.getByRole('button', { name: 'Stop watching them' });
    await expect(stop).toBeVisible();
    await expect(alert).toHaveAttribute('data-state', 'firing');
    await stop.click();
    await expect(alert).toHaveCount(0);
  } finally {
    await admin.publish('telltale/rules', '', { retain: true }).catch(() => undefined);
    await admin.end();
  }
});

test('an admin offers rules of their own to everybody', async ({ page, console, demo, browser }) => {
  await console.enter(person(demo, 'admin'));
  await console.go('#/alerts');
  await makeRule(page, 'For all');
  await page.getByRole('button', { name: 'Offer my rules to everybody' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Offer', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Your rules are offered to everybody' })).toBeVisible();
  await expect(page.locator('[data-mine]')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Adopt/ })).toHaveCount(0);

  const other = await browser.newPage();
  const { ConsolePage } = await import('../support/console-page.ts');
  const viewer = new ConsolePage(other);
  await other.goto(demo.url);
  await viewer.enter(person(demo, 'viewer'));
  await viewer.go('#/alerts');
  await expect(other.getByRole('button', { name: 'Adopt 1 rule of this site' })).toBeVisible();
  await other.close();

  await page.getByRole('button', { name: 'Take the offer away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
  await expect(page.getByRole('button', { name: 'Take the offer away' })).toHaveCount(0);
});

test('somebody who does not look at the page is notified, once whatever the number of tabs', async ({
  page,
  console,
  demo,
  board,
  context,
}) => {
  await context.grantPermissions(['notifications']);
  await console.enter(person(demo, 'operator'));
  const device = await board();
  await device.sendRaw('{"t":20}');
  await console.go('#/alerts');
  await makeRule(page, 'Too hot');
  await page.getByRole('button', { name: 'Notify me when I do not look at this page' }).click();
  await expect(page.getByLabel('Notify me')).toBeChecked();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const second = await context.newPage();
  await second.goto(`${demo.url}#/alerts`);
  await expect(second.getByRole('status', { name: 'Link' })).toHaveAttribute('data-tab', 'follower');
  const elsewhere = await context.newPage();
  await elsewhere.bringToFront();
  // The driver makes every page believe that it has the focus.
  for (const unseen of [page, second]) {
    const session = await context.newCDPSession(unseen);
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  }

  await device.sendRaw('{"t":81.5}');
  const notifications = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const bodies = (await registration.getNotifications()).map(({ body }) => body);
      // Devices of the demo come into trouble when they like.
      return bodies.filter((body) => body.includes('my-board'));
    });
  await expect.poll(notifications).toEqual(['Too hot on my-board: t is above 80 (81.5).']);
});

for (const [colorScheme, width] of [
  ['light', 390],
  ['dark', 1280],
] as const) {
  test(`the form of a rule is in order in the ${colorScheme} theme at ${width}`, async ({
    page,
    console,
    demo,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await console.enter(person(demo, 'admin'));
    await console.go('#/alerts');
    const rules = section(page, 'Rules');
    await rules.getByRole('button', { name: 'New rule' }).click();
    for (const when of ['above', 'outside', 'equals', 'changes', 'rate', 'no-data', 'offline']) {
      await rules.getByRole('combobox', { name: /^Condition/ }).selectOption(when);
      await rules
        .getByRole('combobox', { name: /^Devices/ })
        .selectOption(when === 'rate' ? 'filter' : 'kind');
      await rules.getByRole('button', { name: 'Save the rule' }).click();
      await expect(rules.getByRole('alert')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).include('main').analyze();
      expect(violations.map(({ id, nodes }) => `${when}: ${id} at ${nodes[0]?.target.join(' ')}`)).toEqual(
        [],
      );
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, `${when} scrolls sideways`).toBe(false);
    }
  });
}
