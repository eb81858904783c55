import { KnownShape } from '../../model/known-shape.ts';
import { TIME } from './telemetry-shape.ts';

/** Fleets with more kinds of devices share what they can. */
const MAX_SHAPES = 64;

/**
 * The shapes of all devices: those of one kind share theirs, so that what the messages of a thousand are compared with
 * stays in the processor's nearest memory. A shape holds what it read last, so effects hold until the next message of any.
 */
export class FleetShapes {
  readonly #known: KnownShape[] = [];

  /** The shape of a payload that was read as `json`; see {@link KnownShape.of}. */
  of(payload: Uint8Array, json: Readonly<Record<string, unknown>>): KnownShape | undefined {
    const known = this.#known.find((shape) => shape.read(payload));
    if (known !== undefined) return known;
    const shape = KnownShape.of(payload, json, TIME);
    if (shape !== undefined && this.#known.length < MAX_SHAPES) this.#known.push(shape);
    return shape;
  }
}
