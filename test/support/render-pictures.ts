// Draws public/icons/ from public/icon.svg and takes public/screenshots/ of the running demo. By hand, after the mark or
// the fleet page has changed: `node --import tsx test/support/render-pictures.ts`.
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';
import { ConsolePage } from './console-page.ts';
import { startDemo } from './demo-stack.ts';
import { findProgram } from './install-programs.ts';

const ICONS = 'public/icons';
const SCREENSHOTS = 'public/screenshots';

const mark = readFileSync('public/icon.svg', 'utf8');
// A phone cuts these to its own shape: the ground goes to the edges, and the mark lies in the inner four fifths.
const bled = mark.replace(' rx="14"', '');
// The glyphs are those of src/ui/parts/Icon.svelte.
const glyph = (path: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="32" fill="#1b232e" />
  <path transform="translate(16.7 16.7) scale(1.7)" d="${path}" fill="none" stroke="#e6ebf2" stroke-width="1.6" />
</svg>`;

const icons: [name: string, svg: string, size: number][] = [
  ['icon-192', mark, 192],
  ['icon-512', mark, 512],
  ['maskable-512', bled, 512],
  ['apple-touch-icon', bled, 180],
  ['shortcut-fleet', glyph('M2 3h6v6H2z M10 3h6v6h-6z M2 11h6v4H2z M10 11h6v4h-6z'), 96],
  ['shortcut-alerts', glyph('M9 2 L17 15.5 H1 Z M9 7 V11 M9 12.6 V13.8'), 96],
];

async function drawIcons(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  for (const [name, svg, size] of icons) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    await page.screenshot({ path: `${ICONS}/${name}.png`, omitBackground: true });
  }
  await page.close();
}

async function takeScreenshots(browser: Browser): Promise<void> {
  const demo = await startDemo();
  try {
    const { operator } = demo.users;
    if (operator === undefined) throw new Error('The demo has no operator.');
    for (const [name, width, height, deviceScaleFactor] of [
      ['fleet', 1280, 800, 1],
      ['fleet-narrow', 390, 844, 2],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor });
      const console = new ConsolePage(await context.newPage());
      await console.page.goto(demo.url);
      await console.signIn(operator);
      await console.live();
      // Long enough for the lines in the cards to be lines.
      await console.page.waitForTimeout(40_000);
      await console.page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
      await context.close();
    }
  } finally {
    await demo.stop();
  }
}

mkdirSync(ICONS, { recursive: true });
mkdirSync(SCREENSHOTS, { recursive: true });
const browser = await chromium.launch({ executablePath: findProgram('chromium'), args: ['--no-sandbox'] });
try {
  await drawIcons(browser);
  await takeScreenshots(browser);
} finally {
  await browser.close();
}
