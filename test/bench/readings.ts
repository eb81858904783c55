/** What the devices of the bench send. */
export type Shape =
  /** The sketch of the device contract: `{"t":21.53,"h":40.10,"ts":1234567}`, two samples a message. */
  | { readonly kind: 'climate' }
  /** The same two samples under long names: some 85 bytes, a PUBLISH of some 120. */
  | { readonly kind: 'long' }
  /** One number in each of so many channels: `{"c0":12.34,…}`. */
  | { readonly kind: 'wide'; readonly channels: number };

export interface Readings {
  readonly devices: number;
  readonly shape: Shape;
  /** Of the device's own time, ms. */
  readonly interval: number;
}

export function deviceId(index: number): string {
  return `d${String(index).padStart(5, '0')}`;
}

/** Numbers that repeat from run to run (mulberry32), so that both sides of a ratio see the same. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A day and some hours after boot, ms: with it a climate reading has 36 bytes. */
const UPTIME = 100_000_000;

/** Makes the readings of a fleet, one device after the other, round after round. Values walk in steps of a sensor's noise. */
export class ReadingMaker {
  readonly #readings: Readings;
  readonly #random: () => number;
  readonly #values: Float64Array;
  readonly #perDevice: number;
  #count = 0;

  constructor(readings: Readings, seed = 1) {
    this.#readings = readings;
    this.#random = seededRandom(seed);
    this.#perDevice = readings.shape.kind === 'wide' ? readings.shape.channels : 2;
    this.#values = Float64Array.from(
      { length: readings.devices * this.#perDevice },
      () => 20 + this.#random() * 20,
    );
  }

  next(): { readonly topic: string; readonly payload: string } {
    const { devices, interval, shape } = this.#readings;
    const index = this.#count % devices;
    const uptime = UPTIME + Math.floor(this.#count / devices) * interval;
    this.#count += 1;
    const walked = (channel: number) => {
      const place = index * this.#perDevice + channel;
      const value = (this.#values[place] ?? 0) + (this.#random() - 0.5) / 10;
      this.#values[place] = value;
      return value.toFixed(2);
    };
    const payload = write(shape, walked, uptime);
    return { topic: `devices/${deviceId(index)}/telemetry`, payload };
  }
}

function write(shape: Shape, value: (channel: number) => string, ts: number): string {
  switch (shape.kind) {
    case 'climate':
      return `{"t":${value(0)},"h":${value(1)},"ts":${ts}}`;
    case 'long':
      return `{"ambient_temperature_celsius":${value(0)},"relative_humidity_percent":${value(1)},"ts":${ts}}`;
    case 'wide':
      return `{${Array.from({ length: shape.channels }, (_, i) => `"c${i}":${value(i)}`).join()}}`;
  }
}
