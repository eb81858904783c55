import type { Effect, MessageMeta } from '../../model/convention.ts';
import type { KnownShape } from '../../model/known-shape.ts';
import type { DeviceTimeReader } from '../../model/device-time.ts';

type Samples = Extract<Effect, { type: 'samples' }>;

/** The key that is the device's own time and no channel. Its number stands last in a shape. */
export const TIME = 'ts';

/** Telemetry of one shape and one device: its effects are made once and say something else with each message. */
export class TelemetryShape {
  readonly #shape: KnownShape;
  readonly #hasTime: boolean;
  readonly #samples: { -readonly [Key in keyof Samples]: Samples[Key] };
  readonly #effects: readonly Effect[];

  constructor(device: string, shape: KnownShape) {
    const { names, numbers } = shape;
    this.#shape = shape;
    this.#hasTime = names.at(-1) === TIME;
    const n = names.length - (this.#hasTime ? 1 : 0);
    this.#samples = {
      type: 'samples',
      device,
      ts: undefined,
      clock: undefined,
      channels: names.slice(0, n),
      values: numbers.subarray(0, n),
      found: null,
    };
    this.#effects = [this.#samples];
  }

  /** What the payload means, until the next call; undefined when it has another shape, or a time that is none. */
  read(payload: Uint8Array, time: DeviceTimeReader, meta: MessageMeta): readonly Effect[] | undefined {
    if (!this.#shape.read(payload)) return undefined;
    if (this.#hasTime) {
      const { numbers } = this.#shape;
      const told = time.read(numbers[numbers.length - 1], meta.receivedAt, !meta.retain);
      if (told === undefined) return undefined;
      this.#samples.ts = told.ts;
      this.#samples.clock = told.clock;
    }
    return this.#effects;
  }
}
