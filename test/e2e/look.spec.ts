import { AxeBuilder } from '@axe-core/playwright';
import { expect, person, test } from '../support/e2e.ts';

const SIZES = [
  ['phone', 390, 844],
  ['laptop', 1280, 800],
  ['wall', 1920, 1080],
] as const;
const PAGES = ['fleet', 'device/boiler-1', 'device/sketch-1', 'commands', 'alerts', 'connection', 'settings'];

for (const [name, width, height] of SIZES) {
  test(`nothing scrolls sideways or is cut off on a ${name}`, async ({ page, console, demo }) => {
    await page.setViewportSize({ width, height });
    await console.enter(person(demo, 'operator'));
    for (const hash of PAGES) {
      await console.go(`#/${hash}`);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page.locator('main h1, main h2, main h3, main [data-device]').first()).toBeVisible();
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('main *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => `${element.tagName} ${element.className}`)
          .slice(0, 5),
      );
      expect(cut, `${hash} at ${width}`).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, `${hash} at ${width} scrolls sideways`).toBe(false);
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing to object to on any page in the ${colorScheme} theme`, async ({
    page,
    console,
    demo,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    const look = async (where: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations)
        found.push(`${where}: ${id} at ${nodes[0]?.target.join(' ')} (${nodes.length})`);
    };
    await look('sign-in');
    await console.enter(person(demo, 'operator'));
    for (const hash of PAGES) {
      await console.go(`#/${hash}`);
      await expect(page.locator('main h1, main h2, main h3, main [data-device]').first()).toBeVisible();
      await look(hash);
    }
    expect(found).toEqual([]);
  });
}

test('on a phone one tap goes from the head of a device to its controls', async ({ page, console, demo }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/boiler-1');
  const controls = page.getByRole('region', { name: 'Controls' });
  await expect(controls).not.toBeInViewport();
  await page.getByRole('button', { name: 'Go to the controls' }).click();
  await expect(controls).toBeInViewport({ ratio: 0.5 });
  await expect(controls).toBeFocused();
});
