import { ConsolePage } from '../support/console-page.ts';
import { expect, person, test } from '../support/e2e.ts';

test('a newcomer signs in and sees 24 devices live, without an error', async ({ page, console, demo }) => {
  await console.enter(person(demo, 'operator'));
  await expect(page.locator('[data-device]:not([data-device="my-board"])')).toHaveCount(24);
  await expect(page.locator('[data-channel][data-source="live"]').first()).toBeVisible();
  await expect(page.locator('[data-device][data-status="online"]').nth(10)).toBeVisible();
  await expect(console.link).toHaveAttribute('data-protocol', '4');
  await expect(console.link).toHaveAttribute('data-tab', 'leader');
  expect(console.errors).toEqual([]);
});

test('the fleet fills from retained state within a second of CONNACK', async ({ page, console, demo }) => {
  await console.enter(person(demo, 'viewer'));
  await expect
    .poll(() => page.locator('[data-device]').count(), { timeout: 1_000 })
    .toBeGreaterThanOrEqual(24);
});

test('a wrong password is one sentence, and no loop', async ({ page, console }) => {
  await console.signIn({ username: 'operator', password: 'wrong' });
  await expect(
    page.getByText('The broker refused the password for operator. Check it and sign in again.'),
  ).toBeVisible();
  await expect(console.link).toHaveAttribute('data-link', 'refused');
});

test('a stock client makes a device appear, and its will shows it offline', async ({
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'viewer'));
  const device = await board();
  await device.send(3);
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'online');
  await expect(console.channel('my-board', 'n')).toHaveText(/2/);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  device.drop();
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'offline');
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'stale');
});

test('search finds a device by its name, and by what it shows', async ({ page, console, demo }) => {
  await console.signIn(person(demo, 'viewer'));
  await expect(console.device('pump-1')).toBeVisible();
  await page.getByRole('searchbox').fill('boiler');
  await expect(page.locator('[data-device="boiler-1"]')).toBeVisible();
  await expect(page.locator('[data-device="pump-1"]')).toHaveCount(0);
});

test('broken JSON is a problem on its own device and disturbs nobody else', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'viewer'));
  const device = await board();
  await console.go('#/device/my-board');
  await device.sendRaw('{"t": 21.5,');
  await expect(page.locator('[data-problem]').first()).toBeVisible();
  await console.go('#/device/boiler-1');
  await expect(page.locator('[data-device="boiler-1"] [data-source="live"]').first()).toBeVisible();
  await expect(page.locator('[data-problem]')).toHaveCount(0);
  expect(console.errors).toEqual([]);
});

test('signing out ends the link and asks again', async ({ page, console, demo }) => {
  await console.enter(person(demo, 'operator'));
  await page.getByRole('button', { name: 'Who is signed in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
  await expect(console.link).toHaveAttribute('data-link', 'offline');
});

test('a second tab follows without a sign-in of its own, and takes over when the first is gone', async ({
  page,
  console,
  demo,
  context,
}) => {
  await console.enter(person(demo, 'operator'));
  const second = await context.newPage();
  const other = new ConsolePage(second);
  await second.goto(demo.url);
  await other.live();
  await expect(other.link).toHaveAttribute('data-tab', 'follower');
  await expect(second.locator('[data-device]:not([data-device="my-board"])')).toHaveCount(24);
  await expect(second.locator('[data-channel][data-source="live"]').first()).toBeVisible();
  await page.close();
  await expect(other.link).toHaveAttribute('data-tab', 'leader');
  await other.live();
  await expect(second.locator('[data-channel][data-source="live"]').first()).toBeVisible();
  expect(other.errors).toEqual([]);
});

test('the small line on a card is drawn, and goes on while the page is open', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'viewer'));
  const line = page.locator('article[data-device="climate-1"] .spark path');
  await expect(line).toHaveAttribute('d', /L/);
  const before = await line.getAttribute('d');
  await expect(line).not.toHaveAttribute('d', before!);
});
