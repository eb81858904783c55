import type { SeriesId, StorageState } from '../engine-api/frame.ts';
import type { ExportPage, SeriesAnswer, SeriesRequest } from '../engine-api/series.ts';
import type { Command } from '../model/command.ts';
import type { DeviceKey } from '../model/device.ts';
import type { Value } from '../model/sample.ts';
import { putCommand } from '../storage/commands.ts';
import type { DeviceRecord } from '../storage/devices.ts';
import { errorName } from '../storage/error-name.ts';
import { deleteDatabase } from '../storage/open-database.ts';
import type { Recalled } from '../storage/recall.ts';
import type { TelltaleDatabase } from '../storage/schema.ts';
import { SeriesDictionary } from '../storage/series.ts';
import type { History, HistoryOptions, Remembered } from './history.ts';
import { exportPage } from './history-export.ts';
import { readRange } from './history-range.ts';
import { HistoryWriter } from './history-writer.ts';

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
    clientId,
    ...(recalled.log.heardUntil !== undefined && { heardUntil: recalled.log.heardUntil }),
    ...(recalled.protocol !== undefined && { protocol: recalled.protocol }),
  };
}

function unreadable(error: unknown): never {
  throw new Error(
    `The stored history could not be read (${errorName(error)}). Reload this page and try again.`,
  );
}

/** The history of one home, over a database or, where there is none, in memory. */
export class HomeHistory implements History {
  readonly remembered: Remembered;
  readonly #name: string;
  readonly #dictionary: SeriesDictionary;
  readonly #devices: Set<DeviceKey>;
  readonly #writer: HistoryWriter;

  constructor(
    options: HistoryOptions,
    db: TelltaleDatabase | undefined,
    recalled: Recalled,
    clientId: string,
    state: StorageState,
  ) {
    this.#name = options.name;
    this.remembered = rememberedOf(recalled, clientId);
    this.#dictionary = new SeriesDictionary(recalled.series);
    this.#devices = new Set(recalled.devices.map((device) => device.key));
    this.#writer = new HistoryWriter(db, recalled, state, options);
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

  async saveCommand(command: Command): Promise<void> {
    const { db } = this.#writer;
    if (db === undefined) return;
    try {
      await putCommand(db, command);
    } catch (error) {
      throw new Error(
        `The command could not be stored (${errorName(error)}), so it is not sent. Free some space on this device or reload this page, and try again.`,
        { cause: error },
      );
    }
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  series(request: SeriesRequest): Promise<SeriesAnswer> {
    if (!(request.from < request.to)) {
      return Promise.reject(new Error('The range ends before it begins. Choose another range.'));
    }
    return readRange(this.#writer, this.#dictionary, request).catch(unreadable);
  }

  async exportPage(device: DeviceKey, cursor?: number): Promise<ExportPage> {
    await this.#writer.flush();
    return exportPage(this.#writer, device, this.#dictionary.of(device), cursor).catch(unreadable);
  }

  async rememberProtocol(protocol: 4 | 5): Promise<void> {
    await this.#writer.db?.put('meta', protocol, 'protocol').catch(() => undefined);
  }

  async rememberClientId(id: string): Promise<void> {
    await this.#writer.db?.put('meta', id, 'clientId').catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  async forget(): Promise<void> {
    await this.#writer.close();
    await deleteDatabase(this.#name);
  }
}
