/** How boards name what they measure, and what that is usually measured in. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(t|temp|temperature)\d*$/, '°C'],
  [/^(h|hum|humidity|rh|battery|soc|level)\d*$/, '%'],
  [/^(p|press|pressure)\d*$/, 'hPa'],
  [/^(v|volt|voltage|vcc|vbat)\d*$/, 'V'],
  [/^(a|amp|current)\d*$/, 'A'],
  [/^(w|watt|power)\d*$/, 'W'],
  [/^(rssi)$/, 'dBm'],
  [/^(co2|tvoc)$/, 'ppm'],
  [/^(lux|light)$/, 'lx'],
  [/^(rpm)$/, 'rpm'],
];

/** The unit that a channel of this name usually has; a guess, to be offered and never taken by itself. */
export function guessUnit(channel: string): string | undefined {
  const last = channel.slice(channel.lastIndexOf('.') + 1).toLowerCase();
  return UNITS.find(([name]) => name.test(last))?.[1];
}
