import type { SeriesId, StorageState } from '../../engine-api/frame.ts';
import type { EventsAnswer, EventsRequest, HistoryUsage } from '../../engine-api/past.ts';
import {
  OVERTAKEN,
  type ExportPage,
  type OverviewAnswer,
  type OverviewRequest,
  type SeriesAnswer,
  type SeriesRequest,
} from '../../engine-api/series.ts';
import type { StoredAlert } from '../../model/alert/alert.ts';
import type { RuleSets } from '../../model/alert/rule-sets.ts';
import type { DeviceKey, LocalDescription } from '../../model/device.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import { settingsFault, type HistorySettings } from '../../model/history-settings.ts';
import type { TakenMessages } from '../../model/taken-messages.ts';
import type { Value } from '../../model/sample.ts';
import { accountOf } from '../../storage/account.ts';
import { putAlertRules, putAlerts } from '../../storage/alerts.ts';
import type { DeviceRecord } from '../../storage/records.ts';
import { errorName } from '../../storage/error-name.ts';
import { putHeldFilters } from '../../storage/held-filters.ts';
import { putLocalDescriptions } from '../../storage/local-descriptions.ts';
import { deleteDatabase } from '../../storage/open-database.ts';
import type { StillWanted } from '../../storage/read-samples.ts';
import type { Recalled } from '../../storage/recall.ts';
import type { TelltaleDatabase } from '../../storage/schema.ts';
import { SeriesDictionary } from '../../storage/series.ts';
import type { History, HistoryOptions, Remembered } from './history.ts';
import { CommandStore } from './history-commands.ts';
import { ConfigStore } from './history-configs.ts';
import { exportPage } from './history-export.ts';
import { readEvents } from './history-events.ts';
import { readOverview } from './history-overview.ts';
import { readRange } from './history-range.ts';
import { readReplay, type Replay, type ReplayRequest } from './history-replay.ts';
import { HistoryWriter } from './history-writer.ts';
import { WriteBehind } from './write-behind.ts';

function rememberedOf(recalled: Recalled, clientId: string): Remembered {
  const latest = new Map(recalled.latest.samples());
  const known = new Set(recalled.devices.map((device) => device.key));
  const series = recalled.series.filter(({ device }) => known.has(device));
  const seen = new Map<DeviceKey, number>();
  for (const { id, device } of series) {
    seen.set(device, Math.max(seen.get(device) ?? -Infinity, latest.get(id)?.t ?? -Infinity));
  }
  return {
    series,
    devices: recalled.devices.map((device) => {
      const lastSeen = Math.max(seen.get(device.key) ?? -Infinity, device.lastSeen ?? -Infinity);
      return lastSeen === -Infinity ? device : { ...device, lastSeen };
    }),
    latest: new Map(series.flatMap(({ id }) => (latest.has(id) ? [[id, latest.get(id)!]] : []))),
    commands: recalled.commands,
    alerts: recalled.alerts,
    alertRules: recalled.alertRules,
    localDescriptions: recalled.localDescriptions,
    clientId,
    ...(recalled.log.heardUntil !== undefined && { heardUntil: recalled.log.heardUntil }),
    ...(recalled.afresh !== undefined && { afresh: recalled.afresh }),
    ...(recalled.protocol !== undefined && { protocol: recalled.protocol }),
    ...(recalled.taken !== undefined && { taken: recalled.taken }),
    ...(recalled.heldFilters !== undefined && { heldFilters: recalled.heldFilters }),
    ...(recalled.clockSeen !== undefined && { clockSeen: recalled.clockSeen }),
  };
}

function unreadable(error: unknown): never {
  if (error instanceof Error && error.message === OVERTAKEN) throw error;
  throw new Error(
    `The stored history could not be read (${errorName(error)}). Reload this page and try again.`,
  );
}

const EMPTY_RANGE = 'The range ends before it begins. Choose another range.';

function isRange({ from, to }: { readonly from: number; readonly to: number }): boolean {
  return from < to;
}

/** The history of one home, over a database or, where there is none, in memory. */
export class HomeHistory implements History {
  readonly remembered: Remembered;
  readonly commands: CommandStore;
  readonly configs: ConfigStore;
  /** Under which this history is written. */
  readonly term: number;
  readonly #name: string;
  readonly #dictionary: SeriesDictionary;
  readonly #devices: Set<DeviceKey>;
  readonly #writer: HistoryWriter;
  readonly #heldFilters: WriteBehind<readonly string[]>;
  readonly #onChange: () => void;

  constructor(
    options: HistoryOptions & { readonly term: number },
    db: TelltaleDatabase | undefined,
    recalled: Recalled,
    clientId: string,
    state: StorageState,
  ) {
    this.#name = options.name;
    this.term = options.term;
    this.#onChange = options.onChange;
    this.remembered = rememberedOf(recalled, clientId);
    this.#dictionary = new SeriesDictionary(recalled.series);
    this.#devices = new Set(recalled.devices.map((device) => device.key));
    this.#writer = new HistoryWriter(db, recalled, state, this.#dictionary.leadOf, options);
    this.commands = new CommandStore(() => this.#writer.db, options.term);
    this.configs = new ConfigStore(() => this.#writer.db, options.term);
    this.#heldFilters = new WriteBehind({
      db: () => this.#writer.db,
      write: (open, lists) => putHeldFilters(open, lists.at(-1) ?? [], options.term),
      // One list takes the place of the one before.
      keyOf: () => '',
      keptInMemory: 0,
    });
  }

  get storage(): StorageState {
    return this.#writer.storage;
  }

  get counts() {
    const { stored, kept, notKept } = this.#writer;
    return { stored, kept, notKept };
  }

  /** The store is gone by somebody else's doing; what comes from now on is kept in memory. */
  lose(reason: string): void {
    this.#writer.lose(reason);
  }

  seriesId(device: DeviceKey, channel: string): SeriesId {
    if (!this.#devices.has(device)) this.saveDevice({ key: device, online: 'unknown' });
    const known = this.#dictionary.find(device, channel);
    if (known !== undefined) return known;
    const record = this.#dictionary.allot(device, channel);
    this.#writer.addSeries(record);
    return record.id;
  }

  record(series: SeriesId, t: number, ts: number, value: Value, late: boolean): void {
    this.#writer.push(series, t, ts, value, late);
  }

  recordMessage(series: readonly SeriesId[], t: number, ts: number, values: ArrayLike<Value>): void {
    this.#writer.pushMessage(series, t, ts, values);
  }

  withTaken(news: () => TakenMessages | undefined): void {
    this.#writer.takenMessages = news;
  }

  saveDevice(record: DeviceRecord): void {
    this.#devices.add(record.key);
    this.#writer.putDevice(record.key, record);
  }

  dropDevice(key: DeviceKey): void {
    this.#devices.delete(key);
    this.#writer.putDevice(key, undefined);
  }

  heard(until: number): void {
    this.#writer.heard(until);
  }

  gap(from: number, to: number): void {
    if (from < to) this.#writer.addGap({ from, to });
  }

  event(event: HistoryEvent): void {
    this.#writer.addEvent(event);
  }

  async saveAlerts(changes: ReadonlyMap<string, StoredAlert | undefined>): Promise<void> {
    const { db } = this.#writer;
    if (db !== undefined) await putAlerts(db, changes, this.term);
  }

  async saveAlertRules(rules: RuleSets): Promise<void> {
    const { db } = this.#writer;
    if (db === undefined) return;
    try {
      await putAlertRules(db, rules, this.term);
    } catch (error) {
      throw new Error(
        `The rules could not be stored (${errorName(error)}), so they are as they were. Free some space on this device or reload this page, and try again.`,
        { cause: error },
      );
    }
  }

  async saveLocalDescriptions(all: readonly LocalDescription[]): Promise<void> {
    const { db } = this.#writer;
    if (db === undefined) return;
    try {
      await putLocalDescriptions(db, all, this.term);
    } catch (error) {
      throw new Error(
        `The description could not be stored in this browser (${errorName(error)}), so nothing is changed. Free some space on this device or reload this page, and try again.`,
        { cause: error },
      );
    }
  }

  async flush(): Promise<void> {
    await Promise.all([this.#writer.flush(), this.commands.rest(), this.configs.rest()]);
  }

  series(request: SeriesRequest, stillWanted: StillWanted = () => undefined): Promise<SeriesAnswer> {
    if (!isRange(request)) return Promise.reject(new Error(EMPTY_RANGE));
    return readRange(this.#writer, this.#dictionary, request, stillWanted).catch(unreadable);
  }

  overview(request: OverviewRequest): Promise<OverviewAnswer> {
    if (!isRange(request)) return Promise.reject(new Error(EMPTY_RANGE));
    return readOverview(this.#writer, request).catch(unreadable);
  }

  events(request: EventsRequest): Promise<EventsAnswer> {
    if (!isRange(request)) return Promise.reject(new Error(EMPTY_RANGE));
    return readEvents(this.#writer, request).catch(unreadable);
  }

  replay(request: ReplayRequest): Promise<Replay> {
    return readReplay(this.#writer, this.#dictionary, request).catch(unreadable);
  }

  async usage(): Promise<HistoryUsage> {
    const { db } = this.#writer;
    if (db === undefined) return { bytes: 0, recentBytes: 0, devices: [], samplesFrom: 0 };
    const account = await accountOf(db).catch(unreadable);
    const byLead = this.#dictionary.devicesByLead();
    return {
      bytes: account.bytes,
      recentBytes: account.segments.bytes,
      devices: [...account.devices].flatMap(([lead, { chunkBytes, rollupBytes, samples }]) => {
        const device = byLead.get(lead);
        return device === undefined
          ? []
          : [{ device, sampleBytes: chunkBytes, summaryBytes: rollupBytes, samples }];
      }),
      samplesFrom: account.floors.samples,
    };
  }

  get settings(): HistorySettings {
    return this.#writer.compactor.settings;
  }

  async setSettings(change: Partial<HistorySettings>): Promise<void> {
    const settings = { ...this.settings, ...change };
    const fault = settingsFault(settings);
    if (fault !== undefined) throw new Error(fault);
    const { db, compactor } = this.#writer;
    compactor.settings = settings;
    if (db === undefined) return;
    try {
      await db.put('meta', settings, 'settings');
    } catch (error) {
      throw new Error(
        `The settings could not be stored (${errorName(error)}) and last until this tab closes. Reload this page and try again.`,
        { cause: error },
      );
    }
    await compactor.trim(db);
    this.#onChange();
  }

  async exportPage(device: DeviceKey, cursor?: number): Promise<ExportPage> {
    await this.#writer.flush();
    return exportPage(this.#writer, device, this.#dictionary, cursor).catch(unreadable);
  }

  async rememberProtocol(protocol: 4 | 5): Promise<void> {
    await this.#writer.db?.put('meta', protocol, 'protocol').catch(() => undefined);
  }

  async rememberAfresh(afresh: boolean): Promise<void> {
    await this.#writer.db?.put('meta', afresh, 'afresh').catch(() => undefined);
  }

  rememberHeldFilters(filters: readonly string[]): void {
    this.#heldFilters.note(filters);
  }

  async rememberClientId(id: string): Promise<void> {
    await this.#writer.db?.put('meta', id, 'clientId').catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.commands.rest(), this.configs.rest(), this.#heldFilters.rest()]);
    await this.#writer.close();
  }

  async forget(): Promise<void> {
    await this.#writer.close();
    await deleteDatabase(this.#name);
  }
}
