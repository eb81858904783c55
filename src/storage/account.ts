import type { AccountRecord, Floors } from './records.ts';
import type { TelltaleDatabase, Transaction } from './schema.ts';

/** What a record takes beside its bytes: its key, its index entries, the names of its members. */
export const RECORD_BYTES = 150;

/** What one device has in the store. */
export interface DeviceAccount {
  chunkBytes: number;
  rollupBytes: number;
  samples: number;
}

/** An {@link AccountRecord} in the works. */
export class Account {
  segments: { count: number; samples: number; bytes: number };
  runs: number;
  dropped: number;
  floors: Floors;
  readonly devices = new Map<number, DeviceAccount>();

  constructor(record?: AccountRecord) {
    this.segments = { ...(record?.segments ?? { count: 0, samples: 0, bytes: 0 }) };
    this.runs = record?.runs ?? 0;
    this.dropped = record?.dropped ?? 0;
    this.floors = record?.floors ?? { samples: 0, minutes: 0, hours: 0 };
    record?.leads.forEach((lead, i) => {
      this.devices.set(lead, {
        chunkBytes: record.chunkBytes[i]!,
        rollupBytes: record.rollupBytes[i]!,
        samples: record.samples[i]!,
      });
    });
  }

  /** Bytes of everything but the log. */
  get bytes(): number {
    let sum = this.segments.bytes;
    for (const { chunkBytes, rollupBytes } of this.devices.values()) sum += chunkBytes + rollupBytes;
    return sum;
  }

  device(lead: number): DeviceAccount {
    let device = this.devices.get(lead);
    if (device === undefined) {
      this.devices.set(lead, (device = { chunkBytes: 0, rollupBytes: 0, samples: 0 }));
    }
    return device;
  }

  record(): AccountRecord {
    const all = [...this.devices.values()];
    return {
      segments: this.segments,
      runs: this.runs,
      leads: Uint32Array.from(this.devices.keys()),
      chunkBytes: Float64Array.from(all, ({ chunkBytes }) => chunkBytes),
      rollupBytes: Float64Array.from(all, ({ rollupBytes }) => rollupBytes),
      samples: Float64Array.from(all, ({ samples }) => samples),
      dropped: this.dropped,
      floors: this.floors,
    };
  }
}

/** Reads the account; an empty one before anything was regrouped. */
export async function readAccount(tx: Transaction | Transaction<'readwrite'>): Promise<Account> {
  return new Account(await tx.objectStore('account').get('now'));
}

/** Writes the account within the transaction that changes what it counts. */
export function putAccount(tx: Transaction<'readwrite'>, account: Account): Promise<unknown> {
  return tx.objectStore('account').put(account.record(), 'now');
}

/** The account as it is now. */
export async function accountOf(db: TelltaleDatabase): Promise<Account> {
  return new Account(await db.get('account', 'now'));
}
