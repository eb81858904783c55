/** From cyan to pink in small steps: red, amber and green belong to the statuses. Degrees, OKLCH. */
const FIRST_HUE = 185;
const HUE_STEP = 5;
const HUES = 33;

/** FNV-1a, 32 bit: the same channel has the same hue on every page and in every browser. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The hue (degrees, OKLCH) of a channel, by its key. */
export function seriesHue(channel: string): number {
  return FIRST_HUE + (hash(channel) % HUES) * HUE_STEP;
}

/** The colour of a channel for CSS; lightness and chroma come from the theme. */
export function seriesColour(channel: string): string {
  return `oklch(var(--series-light) var(--series-chroma) ${seriesHue(channel)})`;
}
