import { ConsolePage } from '../support/console-page.ts';
import { expect, test } from '../support/e2e.ts';
import { startTestBroker } from '../support/test-broker.ts';

// To the browser a name that is not `localhost` is a network address, so http:// there is an insecure context; the
// traffic stays on loopback.
const NAME = 'console.test';

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${NAME} 127.0.0.1`],
    }),
});

test('over http:// from a network address the page works alone and says what it lacks and why', async ({
  browser,
  demo,
}) => {
  // The demo's own broker lets in pages from this machine's names only.
  const broker = await startTestBroker();
  await broker.publish('devices/board/status', '{"online":true}', { retain: true });
  const context = await browser.newContext();
  const user = { username: 'viewer', password: 'any' };
  const open = async () => {
    const console = new ConsolePage(await context.newPage());
    await console.page.goto(demo.url.replace(/127\.0\.0\.1|localhost/, NAME));
    await console.enter(user, broker.url);
    return console;
  };
  const first = await open();
  expect(await first.page.evaluate(() => isSecureContext)).toBe(false);
  await expect(first.link).toHaveAttribute('data-tab', 'alone');
  await expect(first.device('board')).toHaveAttribute('data-status', 'online');

  const second = await open();
  await broker.publish('devices/board/telemetry', '{"t":21.5}');
  for (const console of [first, second]) {
    await expect(console.channel('board', 't')).toHaveAttribute('data-source', 'live');
  }
  await first.go('#/connection');
  await expect(first.page.getByText(/this tab works alone/).first()).toBeVisible();
  await expect(first.page.getByText(/history of this tab is kept in memory/).first()).toBeVisible();
  await first.go('#/settings');
  await expect(first.page.locator('[data-offline-copy]')).toHaveAttribute('data-offline-copy', 'none');
  await expect(first.page.getByRole('checkbox', { name: 'Keep this screen on' })).toHaveCount(0);
  expect(first.errors).toEqual([]);
  await context.close();
  await broker.stop();
});
