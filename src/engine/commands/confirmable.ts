import type { Command } from '../../model/command.ts';
import type { DeviceKey } from '../../model/device.ts';

const NONE: ReadonlySet<string> = new Set();

/** The commands that telemetry may prove, by device: it is asked for every sample. */
export class Confirmable {
  readonly #ids = new Map<DeviceKey, Set<string>>();

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  of(device: DeviceKey): ReadonlySet<string> {
    return this.#ids.get(device) ?? NONE;
  }

  add({ confirms, device, id }: Command): void {
    if (!confirms) return;
    const ids = this.#ids.get(device);
    if (ids) ids.add(id);
    else this.#ids.set(device, new Set([id]));
  }

  delete({ device, id }: Command): void {
    const ids = this.#ids.get(device);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(device);
  }
}
