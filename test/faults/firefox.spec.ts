import { ConsolePage } from '../support/console-page.ts';
import { readConnectionLog } from '../support/connection-log.ts';
import { expect, person, test as demoTest } from '../support/e2e.ts';
import { hostPage } from '../support/page-host.ts';
import { signInWithoutMqtt } from '../support/sign-in-without-mqtt.ts';
import { BOARD, handOvers, openTabs, queueWhileAway, test } from '../support/streamed-tabs.ts';

// What differs between browsers: locks and channels of workers, the worker's start from a blob under Trusted Types, the
// service worker. Everything else is tried in Chromium.

test('Firefox: the leading tab is closed, and another one leads, with one connection at a time', async ({
  context,
  demo,
  mosquitto,
  stream: _sends,
}) => {
  await queueWhileAway(context, demo.url, mosquitto.ws);
  const tabs = await openTabs(context, demo, mosquitto, 2);
  const { heir } = await handOvers(tabs, ({ page }) => page.close({ runBeforeUnload: false }));
  await expect(heir.console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live');
  expect(readConnectionLog(mosquitto.log())).toMatchObject({ connects: 3, mostAtOnce: 1, openNow: 1 });
  expect(tabs.flatMap(({ console }) => console.errors)).toEqual([]);
});

demoTest(
  'Firefox: the server is dead, and a deep link shows the last values, dated',
  async ({ page, demo }) => {
    const console = new ConsolePage(page);
    await page.goto(demo.url);
    await console.signIn(person(demo, 'operator'));
    await console.live();
    await expect(console.channel('boiler-1', 't')).toHaveAttribute('data-source', 'live');
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    const stored = await console.counter('stored');
    await expect(async () => expect(await console.counter('stored')).toBeGreaterThan(stored)).toPass();
    await demo.kill();
    await expect(fetch(demo.url)).rejects.toThrow('fetch failed');
    await page.goto('about:blank');
    await page.goto(`${demo.url}#/device/boiler-1`);
    const value = page.locator('main [data-channel]').first();
    await expect(value.locator('time').first()).toHaveAttribute('datetime', /^\d{4}-/);
    await expect(value).toHaveAttribute('data-source', 'history');
    await expect(page.locator('[data-source="live"]')).toHaveCount(0);
    await demo.restart();
  },
);

demoTest('Firefox: the server lacked the file that speaks MQTT, and has it now', async ({ page, demo }) => {
  const host = await hostPage();
  await signInWithoutMqtt(page, host, demo);
  await host.stop();
});
