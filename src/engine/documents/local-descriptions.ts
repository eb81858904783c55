import type { LocalRequest } from '../../engine-api/descriptions.ts';
import type { Describing } from '../../model/convention.ts';
import { conventionOf, nativeId, type DeviceKey, type LocalDescription } from '../../model/device.ts';
import type { Clock } from '../time/clock.ts';
import type { ReadDescription } from '../live/device-state.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Reader } from '../reading/reader.ts';

/** A person makes them one by one; all of them are one record. */
const MAX_LOCAL = 200;

export interface LocalDescriptionsOptions {
  readonly clock: Clock;
  readonly live: LiveState;
  /** By the name of their convention. */
  readonly readers: () => ReadonlyMap<string, Reader>;
  /** What was stored when the home was opened. */
  readonly stored: readonly LocalDescription[];
  /** Answers when all of them are stored. Rejects with one sentence. */
  readonly save: (all: readonly LocalDescription[]) => Promise<void>;
}

/**
 * Descriptions that hold in this browser only, laid over what is published. One stays until somebody takes it away, also when
 * a published one comes: it is a person's work, and the page says that there is another.
 */
export class LocalDescriptions {
  readonly #options: LocalDescriptionsOptions;
  readonly #records: Map<DeviceKey, LocalDescription>;

  constructor(options: LocalDescriptionsOptions) {
    this.#options = options;
    this.#records = new Map(options.stored.map((record) => [record.device, record]));
    options.live.localOf = (device) => this.#read(device);
  }

  /** Stores one, or takes it away, and shows it. Rejects with one sentence; then nothing has changed. */
  async put({ device, document, over }: LocalRequest): Promise<void> {
    const before = this.#records.get(device);
    if (document === null) this.#records.delete(device);
    else {
      const describing = this.#describing(device);
      if (!describing) throw new Error('Devices of this kind describe themselves only.');
      // Only what could also be published is taken: it is read by the same rules.
      describing.publish(nativeId(device), document);
      if (!before && this.#records.size >= MAX_LOCAL)
        throw new Error(
          `This browser has descriptions of its own for ${MAX_LOCAL} devices already. Remove one of them first.`,
        );
      const at = this.#options.clock.now();
      this.#records.set(device, { device, document, at, ...(over !== undefined && { over }) });
    }
    try {
      await this.#options.save([...this.#records.values()]);
    } catch (error) {
      if (before) this.#records.set(device, before);
      else this.#records.delete(device);
      throw error;
    }
    const { live } = this.#options;
    const state = live.devices.get(device);
    if (!state) return;
    state.local = this.#read(device);
    live.redescribed(state);
  }

  #read(device: DeviceKey): ReadDescription | undefined {
    const record = this.#records.get(device);
    const description = record && this.#describing(device)?.read(record.document).description;
    return description && { record, description };
  }

  #describing(device: DeviceKey): Describing | undefined {
    return this.#options.readers().get(conventionOf(device))?.session.describing;
  }
}
