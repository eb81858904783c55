import type { ConfigChange } from '../../model/config/config-change.ts';
import type { DeviceKey } from '../../model/device.ts';
import { putConfigChanges, readConfigChanges } from '../../storage/config-changes.ts';
import type { TelltaleDatabase } from '../../storage/schema.ts';
import { WriteBehind } from './write-behind.ts';

/** As many as somebody looks through; without a store also as many as there are in all. */
const SHOWN = 100;
const KEPT_IN_MEMORY = 1_000;

/** What was asked of the devices of a home, and by whom. */
export class ConfigStore {
  readonly #db: () => TelltaleDatabase | undefined;
  readonly #changes: WriteBehind<ConfigChange>;

  constructor(db: () => TelltaleDatabase | undefined, term: number) {
    this.#db = db;
    this.#changes = new WriteBehind({
      db,
      write: (open, changes) => putConfigChanges(open, changes, term),
      keyOf: ({ device, id }) => `${device} ${id}`,
      keptInMemory: KEPT_IN_MEMORY,
    });
  }

  /** A change, or what became of it; written soon. The command behind one made here is stored by itself, before it is sent. */
  note(change: ConfigChange): void {
    this.#changes.note(change);
  }

  /** Answers when what was noted is written, or could not be. Never rejects. */
  rest(): Promise<void> {
    return this.#changes.rest();
  }

  /** The newest changes of one device, newest first. Rejects with the transaction's error. */
  async list(device: DeviceKey): Promise<readonly ConfigChange[]> {
    await this.rest();
    const db = this.#db();
    if (db !== undefined) return readConfigChanges(db, device, SHOWN);
    const own = this.#changes.memory.filter((change) => change.device === device);
    return own.sort((a, b) => b.at - a.at).slice(0, SHOWN);
  }
}
