import { startTestBroker } from '../support/test-broker.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect, person, test } from '../support/e2e.ts';

test('Chromium finds nothing to say against installing the page', async ({ page, console, demo }) => {
  await console.signIn(person(demo, 'viewer'));
  const session = await page.context().newCDPSession(page);
  const { errors, url, data } = await session.send('Page.getAppManifest');
  expect(url).toBe(`${demo.url}manifest.webmanifest`);
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  // The folder is the identity: two consoles below one origin are two apps.
  const { appId } = await session.send('Page.getAppId');
  expect(appId).toBe(demo.url);

  const manifest = JSON.parse(data ?? '') as Record<
    'icons' | 'screenshots',
    { src: string; sizes: string; purpose?: string }[]
  > & { shortcuts: { name: string }[]; launch_handler: unknown };
  expect(manifest.launch_handler).toEqual({ client_mode: 'navigate-existing' });
  expect(manifest.shortcuts.map(({ name }) => name)).toEqual(['Fleet', 'Alerts']);
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes } of [...manifest.icons, ...manifest.screenshots]) {
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, url).href);
    if (sizes !== 'any') expect(size, src).toBe(sizes);
  }
});

test('a wall display keeps its screen on, also after it was out of sight', async ({ page, demo }) => {
  // Headless browsers refuse the real one.
  await page.addInitScript(() => {
    const locks: { released: boolean; release(): Promise<void> }[] = [];
    const request = async () => {
      const lock = {
        released: false,
        async release() {
          lock.released = true;
        },
      };
      locks.push(lock);
      return lock;
    };
    Object.assign(globalThis, { locks });
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
  });
  const released = () =>
    page.evaluate(() =>
      (globalThis as unknown as { locks: { released: boolean }[] }).locks.map((lock) => lock.released),
    );
  const console = new ConsolePage(page);
  await page.goto(`${demo.url}#/settings`);
  await console.enter(person(demo, 'viewer'));
  await console.go('#/settings');
  const box = page.getByRole('checkbox', { name: 'Keep this screen on' });
  expect(await released()).toEqual([]);
  await box.check();
  await expect.poll(released).toEqual([false]);
  // The browser takes it back when the page is hidden, and the page asks again.
  await page.evaluate(() => {
    const [lock] = (globalThis as unknown as { locks: { released: boolean }[] }).locks;
    if (lock) lock.released = true;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(released).toEqual([true, false]);
  await page.reload();
  await expect.poll(released).toEqual([false]);
  await console.signIn(person(demo, 'viewer'));
  await console.go('#/settings');
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect.poll(released).toEqual([true]);
});

test('a browser that refuses to keep the screen on says so', async ({ page, demo }) => {
  await page.addInitScript(() => {
    const request = () => Promise.reject(new DOMException('The battery is low.', 'NotAllowedError'));
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
  });
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.enter(person(demo, 'viewer'));
  await console.go('#/settings');
  await page.getByRole('checkbox', { name: 'Keep this screen on' }).check();
  await expect(page.getByRole('alert')).toContainText('does not keep the screen on: The battery is low.');
  expect(console.errors).toEqual([]);
});

test('the icon counts the devices in trouble, each once, and no others', async ({ page, demo }) => {
  const broker = await startTestBroker();
  const status = (id: string, online: boolean) =>
    broker.publish(`devices/${id}/status`, JSON.stringify({ online }), { retain: true });
  await status('fine', true);
  await status('gone', false);
  await status('twice', false);
  // Two alerts of one device.
  await broker.publish('devices/twice/telemetry', 'not JSON', { retain: true });
  await page.addInitScript(() => {
    const shown: number[] = [];
    Object.assign(globalThis, { shown });
    navigator.setAppBadge = async (count) => void shown.push(count ?? 0);
  });
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.enter({ username: 'viewer', password: 'any' }, broker.url);
  const badge = () => page.evaluate(() => (globalThis as unknown as { shown: number[] }).shown.at(-1));
  await expect.poll(badge).toBe(2);
  await console.go('#/alerts');
  await expect(page.locator('[data-alert][data-state="firing"]')).toHaveCount(3);
  await status('fine', false);
  await expect.poll(badge).toBe(3);
  for (const id of ['fine', 'gone']) await status(id, true);
  await expect.poll(badge).toBe(1);
  await broker.stop();
});

test('on an iPhone the page says once how it gets to the Home Screen', async ({ page, demo }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'standalone', { value: false }));
  await page.setViewportSize({ width: 390, height: 844 });
  const console = new ConsolePage(page);
  await page.goto(demo.url);
  await console.enter(person(demo, 'viewer'));
  const hint = page.getByRole('region', { name: 'Telltale on the Home Screen' });
  await expect(hint).toContainText('Add to Home Screen');
  await hint.getByRole('button', { name: 'Close' }).click();
  await expect(hint).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
  await expect(hint).toHaveCount(0);
});
