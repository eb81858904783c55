import type { ConventionSession } from '../../model/convention.ts';
import { deviceKey, type DeviceKey } from '../../model/device.ts';

/** Ids are foreign input: the keys that are kept may not grow with them. */
const MAX_KEYS = 20_000;

/** A convention at work, with its name for the device keys. */
export class Reader {
  readonly #keys = new Map<string, DeviceKey>();

  constructor(
    readonly name: string,
    readonly session: ConventionSession,
  ) {}

  /** The key of a device by the id that the convention uses. Kept, since to encode it costs more than to read a message. */
  key(nativeId: string): DeviceKey {
    const known = this.#keys.get(nativeId);
    if (known !== undefined) return known;
    const key = deviceKey(this.name, nativeId);
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(nativeId, key);
    return key;
  }
}
