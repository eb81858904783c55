import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsolePage } from '../support/console-page.ts';
import { expect, openProfile, person, test } from '../support/e2e.ts';

/** The numbers of the board in a download, in its order. */
function numbers(samples: readonly { channel: string; v: unknown }[]): unknown[] {
  return samples.filter((sample) => sample.channel === 'n').map((sample) => sample.v);
}

const upTo = (count: number) => [...Array(count).keys()];

test('a reload keeps every stored sample and doubles none', async ({ page, console, demo, board }) => {
  await console.enter(person(demo, 'operator'));
  const device = await board();
  await console.go('#/device/my-board');
  await device.send(100);
  await expect(console.channel('my-board', 'n')).toHaveText(/99/);
  expect(numbers(await console.downloadHistory())).toEqual(upTo(100));
  await page.reload();
  // Before anybody has signed in again, what this browser remembers is there, and does not look live.
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'history');
  await console.enter(person(demo, 'operator'));
  await expect(page.locator('[data-chart="n"]')).not.toHaveAttribute('data-points', '0');
  const after = await console.downloadHistory();
  expect(numbers(after)).toEqual(upTo(100));
  expect(Object.keys(after[0] ?? {})).toEqual(['device', 'channel', 't', 'v']);
});

test('a restart of the browser keeps the history', async ({ browser, demo, board }) => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-profile-'));
  const device = await board();
  let context = await openProfile(browser, folder);
  let console = new ConsolePage(await context.newPage());
  await console.page.goto(`${demo.url}#/device/my-board`);
  await console.enter(person(demo, 'operator'));
  await device.send(50);
  await console.go('#/device/my-board');
  await expect(console.channel('my-board', 'n')).toHaveText(/49/);
  expect(numbers(await console.downloadHistory())).toEqual(upTo(50));
  await context.close();

  context = await openProfile(browser, folder);
  console = new ConsolePage(await context.newPage());
  await console.page.goto(`${demo.url}#/device/my-board`);
  await console.enter(person(demo, 'operator'));
  await expect(console.channel('my-board', 'n')).toBeVisible();
  expect(numbers(await console.downloadHistory())).toEqual(upTo(50));
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the broker is killed and comes back: offline within 2 s, nothing looks live, then a gap', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'operator'));
  const before = await board();
  await console.go('#/device/my-board?range=15m');
  await before.send(20);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  const chart = page.locator('[data-chart="n"]');
  await expect(chart).toHaveAttribute('data-gaps', '0');
  await demo.kill();
  await expect(console.link).toHaveAttribute('data-link', /offline|connecting/, { timeout: 2_000 });
  await expect(page.locator('[data-source="live"]')).toHaveCount(0);
  await expect(console.channel('my-board', 'n')).toHaveText(/19/);
  await demo.restart();
  await console.live(20_000);
  await expect(chart).toHaveAttribute('data-gaps', '1');
  const after = await board();
  await after.send(5);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  await expect(console.channel('my-board', 'n')).toHaveText(/4/);
  expect(numbers(await console.downloadHistory())).toEqual([...upTo(20), ...upTo(5)]);
});
