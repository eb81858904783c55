import type { Page } from '@playwright/test';
import { expect } from '../support/e2e.ts';
import { openTabs, silence, test, type Tab } from '../support/streamed-tabs.ts';

interface Upgrade {
  /** The version that it finds; 0 where it upgraded nothing. */
  readonly from: number;
  readonly ms: number;
  /** Records of the log and of what it was regrouped into, as the newer version finds them. */
  readonly records: number;
}

/** What a newer Telltale does in its tab before anything else: opens the database under a higher version. */
function openNewer(page: Page, version: number): Promise<Upgrade> {
  return page.evaluate(async (newer) => {
    const [{ name } = {}] = await indexedDB.databases();
    const began = performance.now();
    const request = indexedDB.open(`${name}`, newer);
    let from = 0;
    request.onupgradeneeded = ({ oldVersion }) => {
      from = oldVersion;
      request.result.createObjectStore('of a newer version');
    };
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const ms = performance.now() - began;
    const stores = ['batches', 'segments', 'chunks'];
    const tx = db.transaction(stores);
    const counts = await Promise.all(
      stores.map(
        (store) =>
          new Promise<number>((resolve, reject) => {
            const count = tx.objectStore(store).count();
            count.onsuccess = () => resolve(count.result);
            count.onerror = () => reject(count.error);
          }),
      ),
    );
    db.close();
    return { from, ms, records: counts.reduce((sum, count) => sum + count, 0) };
  }, version);
}

const note = ({ page }: Tab) => page.getByRole('region', { name: 'History' });

test('a newer version upgrades the history under two open tabs: it is let in, they say so and stay live', async ({
  context,
  demo,
  mosquitto,
  stream: _flows,
}) => {
  const tabs = await openTabs(context, demo, mosquitto, 1);
  const newer = await context.newPage();
  // A page of the same origin with nothing in it.
  await newer.goto(new URL('config.json', demo.url).href);
  const [{ version = 0 } = {}] = await newer.evaluate(() => indexedDB.databases());
  const upgrade = await openNewer(newer, version + 1);
  expect(upgrade).toMatchObject({ from: version });
  expect(upgrade.ms).toBeLessThan(3_000);
  expect(upgrade.records).toBeGreaterThan(0);
  for (const tab of tabs) {
    await expect(note(tab)).toContainText(
      'A newer Telltale is open in another tab. Reload this page to use it.',
    );
    await tab.page.bringToFront();
    // Whatever comes now comes without the history.
    await silence(tab, Date.now());
    await expect(tab.console.link).toHaveAttribute('data-link', 'live');
  }

  // The host still serves the older one.
  for (const tab of tabs) {
    await tab.page.reload();
    await expect(note(tab)).toContainText('A newer Telltale has upgraded the stored history.');
    await tab.console.live();
  }
  const untouched = await openNewer(newer, version + 1);
  expect(untouched).toMatchObject({ from: 0, records: upgrade.records });
  expect(tabs.flatMap(({ console }) => console.errors)).toEqual([]);
});
