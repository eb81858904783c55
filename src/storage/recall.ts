import type { StoredAlert } from '../model/alert/alert.ts';
import { NO_RULES, type RuleSets } from '../model/alert/rule-sets.ts';
import { DEFAULT_SETTINGS, type HistorySettings } from '../model/history-settings.ts';
import type { LocalDescription } from '../model/device.ts';
import type { Command } from '../model/command.ts';
import type { TakenMessages } from '../model/taken-messages.ts';
import { Account, readAccount } from './account.ts';
import { batchOf, type BatchRecord } from './batches.ts';
import { readCommands } from './commands.ts';
import { Latest } from './latest.ts';
import type { LogCache } from './log-cache.ts';
import { getMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import type { DeviceRecord, LogRecord, SeriesRecord } from './records.ts';

/** What a home remembers when it is opened. */
export interface Recalled {
  readonly series: readonly SeriesRecord[];
  readonly devices: readonly DeviceRecord[];
  readonly commands: readonly Command[];
  /** The last sample of every series. */
  readonly latest: Latest;
  readonly log: LogRecord;
  /** How many batches wait to be merged. */
  readonly batches: number;
  /** The last of them: those that {@link latest} was worked out from. */
  readonly tail: LogCache;
  readonly account: Account;
  readonly settings: HistorySettings;
  readonly alerts: readonly StoredAlert[];
  readonly alertRules: RuleSets;
  readonly localDescriptions: readonly LocalDescription[];
  readonly clientId?: string;
  readonly afresh?: boolean;
  readonly protocol?: 4 | 5;
  readonly taken?: TakenMessages;
  readonly heldFilters?: readonly string[];
  readonly clockSeen?: number;
}

/** What a home remembers that was never opened before. */
export function nothing(): Recalled {
  return {
    series: [],
    devices: [],
    commands: [],
    latest: new Latest(),
    log: { lastSeq: 0, kept: 0 },
    batches: 0,
    tail: [],
    account: new Account(),
    settings: DEFAULT_SETTINGS,
    alerts: [],
    alertRules: NO_RULES,
    localDescriptions: [],
  };
}

const STORES: StoreName[] = ['meta', 'series', 'devices', 'batches', 'commands', 'account', 'alerts'];

async function recallLatest(tx: Transaction): Promise<{ latest: Latest; tail: LogCache }> {
  const latest = new Latest();
  const snapshot = await getMeta(tx, 'latest');
  if (snapshot?.block !== undefined) latest.apply(snapshot.block);
  const store = tx.objectStore('batches');
  const tail: BatchRecord[] = [];
  let after = snapshot?.seq ?? 0;
  for (;;) {
    const page = (await store.getAll(IDBKeyRange.lowerBound(after, true), 64)).map(batchOf);
    for (const batch of page) latest.apply(batch);
    tail.push(...page);
    const last = page.at(-1);
    if (last === undefined) return { latest, tail };
    after = last.seq;
  }
}

/** Reads everything that a home needs at once: not the samples, but the last one of every series. */
export async function recall(db: TelltaleDatabase): Promise<Recalled> {
  const tx = db.transaction(STORES, 'readonly');
  const [
    series,
    devices,
    commands,
    { latest, tail },
    log,
    batches,
    account,
    settings,
    alerts,
    alertRules,
    localDescriptions,
    clientId,
    afresh,
    protocol,
    taken,
    heldFilters,
    clockSeen,
  ] = await Promise.all([
    tx.objectStore('series').getAll(),
    tx.objectStore('devices').getAll(),
    readCommands(tx),
    recallLatest(tx),
    getMeta(tx, 'log'),
    tx.objectStore('batches').count(),
    readAccount(tx),
    getMeta(tx, 'settings'),
    tx.objectStore('alerts').getAll(),
    getMeta(tx, 'alertRules'),
    getMeta(tx, 'localDescriptions'),
    getMeta(tx, 'clientId'),
    getMeta(tx, 'afresh'),
    getMeta(tx, 'protocol'),
    getMeta(tx, 'taken'),
    getMeta(tx, 'heldFilters'),
    getMeta(tx, 'clockSeen'),
  ]);
  return {
    series,
    devices,
    commands,
    latest,
    log: log ?? { lastSeq: 0, kept: 0 },
    batches,
    tail,
    account,
    alerts,
    alertRules: alertRules ?? NO_RULES,
    localDescriptions: localDescriptions ?? [],
    // What was stored before a setting existed lacks it.
    settings: { ...DEFAULT_SETTINGS, ...settings },
    clientId,
    afresh,
    protocol,
    taken,
    heldFilters,
    clockSeen,
  };
}
