import { expect, test } from '@playwright/test';
import { ConsolePage } from '../support/console-page.ts';
import { startDemo, type DemoStack } from '../support/demo-stack.ts';
import { connectDevice } from '../support/sequence-device.ts';

let demo: DemoStack;

test.beforeAll(async () => {
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.stop();
});

async function signedIn(
  page: import('@playwright/test').Page,
  user: 'viewer' | 'operator' | 'admin' = 'operator',
) {
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.signIn(demo.users[user]);
  await console.live();
  return console;
}

test('a newcomer signs in and sees 24 devices live, without an error', async ({ page }) => {
  const console = await signedIn(page);
  await expect(page.locator('[data-device]')).toHaveCount(24, { timeout: 15_000 });
  await expect(page.locator('[data-device] [data-channel][data-source="live"]').first()).toBeVisible();
  await expect(page.locator('[data-device][data-status="online"]').nth(10)).toBeVisible();
  await expect(console.link).toHaveAttribute('data-protocol', '4');
  await expect(console.link).toHaveAttribute('data-tab', 'leader');
  expect(console.errors).toEqual([]);
});

test('a wrong password is one sentence, and no loop', async ({ page }) => {
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.signIn({ username: 'operator', password: 'wrong' });
  await expect(
    page.getByText('The broker refused the password for operator. Check it and sign in again.'),
  ).toBeVisible();
  await expect(console.link).toHaveAttribute('data-link', 'refused');
});

test('a stock client makes a device appear, and its will shows it offline', async ({ page }) => {
  const console = await signedIn(page);
  await expect(page.locator('[data-device]').first()).toBeVisible();
  const credential = demo.devices['my-board'];
  if (!credential) throw new Error('there is no credential for my-board');
  const board = await connectDevice(demo.mqtt, 'my-board', credential);
  await board.send(3);
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'online');
  await expect(console.channel('my-board', 'n')).toHaveText(/2/);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  board.drop();
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'offline');
});

test('a reload keeps every stored sample and doubles none', async ({ page }) => {
  const console = await signedIn(page);
  const credential = demo.devices['my-board'];
  if (!credential) throw new Error('there is no credential for my-board');
  const board = await connectDevice(demo.mqtt, 'my-board', credential);
  await board.send(100);
  await console.go('#/device/my-board');
  await expect(console.channel('my-board', 'n')).toHaveText(/99/);
  const before = await console.downloadHistory();
  await page.reload();
  await console.signIn(demo.users.operator);
  await console.live();
  await expect
    .poll(async () => (await page.locator('[data-chart="n"]').getAttribute('data-points')) ?? '0')
    .not.toBe('0');
  const after = await console.downloadHistory();
  expect(after.slice(0, before.length)).toEqual(before);
  const numbers = after.filter((s) => s.channel === 'n').slice(-100);
  expect(numbers.map((s) => s.v)).toEqual([...Array(100).keys()]);
  expect(after[0]).toMatchObject({ device: 'my-board', channel: 'n' });
  await board.end();
});

test('an operator switches a pump and the pump itself says that it is done', async ({ page }) => {
  const console = await signedIn(page);
  await console.go('#/device/pump-1');
  const form = page.locator('[data-command-form]').first();
  await expect(form).toBeVisible();
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: /send/i });
  if (await confirm.isVisible()) await confirm.click();
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'done');
});

test('a viewer is told that this sign-in may not, and the broker refuses it if tried anyway', async ({
  page,
}) => {
  const console = await signedIn(page, 'viewer');
  await console.go('#/device/pump-1');
  const form = page.locator('[data-command-form]').first();
  await expect(form.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await page
    .getByRole('button', { name: /send anyway/i })
    .first()
    .click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: /send/i });
  if (await confirm.isVisible()) await confirm.click();
  await expect(page.locator('[data-command]').first()).toHaveAttribute('data-outcome', 'refused');
  await console.live();
  await console.go('#/fleet');
  await expect(page.locator('[data-channel][data-source="live"]').first()).toBeVisible();
});

test('broken JSON is a problem on its own device and disturbs nobody else', async ({ page }) => {
  const console = await signedIn(page);
  const credential = demo.devices['my-board'];
  if (!credential) throw new Error('there is no credential for my-board');
  const board = await connectDevice(demo.mqtt, 'my-board', credential);
  await board.sendRaw('{"t": 21.5,');
  await console.go('#/device/my-board');
  await expect(page.locator('[data-problem]').first()).toBeVisible();
  await console.go('#/device/boiler-1');
  await expect(page.locator('[data-device="boiler-1"] [data-source="live"]').first()).toBeVisible();
  await expect(page.locator('[data-device="boiler-1"] [data-problem]')).toHaveCount(0);
  await board.end();
});

test('the broker is killed and comes back: offline within 2 s, nothing looks live, then a gap', async ({
  page,
}) => {
  const console = await signedIn(page);
  const credential = demo.devices['my-board'];
  if (!credential) throw new Error('there is no credential for my-board');
  let board = await connectDevice(demo.mqtt, 'my-board', credential);
  await console.go('#/device/my-board?range=15m');
  await board.send(20);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  const gapsBefore = Number(await page.locator('[data-chart="n"]').getAttribute('data-gaps'));
  await demo.kill();
  await expect(console.link).toHaveAttribute('data-link', /offline|connecting/, { timeout: 2_000 });
  await expect(console.channel('my-board', 'n')).not.toHaveAttribute('data-source', 'live');
  await expect(page.locator('[data-source="live"]')).toHaveCount(0);
  await demo.restart();
  await console.live(20_000);
  board = await connectDevice(demo.mqtt, 'my-board', credential);
  await board.send(5);
  await expect(console.channel('my-board', 'n')).toHaveAttribute('data-source', 'live');
  await expect
    .poll(async () => Number(await page.locator('[data-chart="n"]').getAttribute('data-gaps')))
    .toBeGreaterThan(gapsBefore);
  await board.end();
});

test('a second tab is turned away politely', async ({ page, context }) => {
  await signedIn(page);
  const second = await context.newPage();
  await second.goto(demo.url);
  const other = new ConsolePage(second);
  await expect(second.getByText(/already open .* another tab/)).toBeVisible();
  await expect(second.getByLabel('Password', { exact: true })).toBeVisible();
  await other.signIn(demo.users.operator);
  await expect(second.getByText(/already open .* another tab/).first()).toBeVisible();
});
