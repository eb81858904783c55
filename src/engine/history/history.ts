import type { SeriesId, StorageState } from '../../engine-api/frame.ts';
import type { EventsAnswer, EventsRequest, HistoryUsage } from '../../engine-api/past.ts';
import type {
  ExportPage,
  OverviewAnswer,
  OverviewRequest,
  SeriesAnswer,
  SeriesRequest,
} from '../../engine-api/series.ts';
import type { StoredAlert } from '../../model/alert/alert.ts';
import type { RuleSets } from '../../model/alert/rule-sets.ts';
import type { Command } from '../../model/command.ts';
import type { DeviceKey, LocalDescription } from '../../model/device.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import type { HistorySettings } from '../../model/history-settings.ts';
import type { TakenMessages } from '../../model/taken-messages.ts';
import type { Sample, Value } from '../../model/sample.ts';
import type { OpenDatabase } from '../../storage/open-database.ts';
import type { StillWanted } from '../../storage/read-samples.ts';
import type { DeviceRecord, SeriesRecord } from '../../storage/records.ts';
import type { Clock } from '../time/clock.ts';
import type { Replay, ReplayRequest } from './history-replay.ts';
import type { CommandStore } from './history-commands.ts';
import type { ConfigStore } from './history-configs.ts';

/** What a home remembers, as it was when it was opened. Times are epoch ms. */
export interface Remembered {
  /** The series of the remembered devices. */
  readonly series: readonly SeriesRecord[];
  /** `lastSeen` is that of the newest sample, where it is later than what was saved. */
  readonly devices: readonly DeviceRecord[];
  /** The last sample of every remembered series. */
  readonly latest: ReadonlyMap<SeriesId, Sample>;
  /** Every command that is not settled, and the most recent others, by creation time. */
  readonly commands: readonly Command[];
  /** What stood, and what goes on and off, when the last page ended. */
  readonly alerts: readonly StoredAlert[];
  readonly alertRules: RuleSets;
  readonly localDescriptions: readonly LocalDescription[];
  /** Until when somebody was listening; missing when nobody ever was. */
  readonly heardUntil?: number;
  /** What the clock showed while a command was last open, epoch ms; the deadlines of `commands` are by it. */
  readonly clockSeen?: number;
  /** This home's own, unguessable; at most 23 characters of `[a-z0-9]` [MQTT-3.1.3-5]. */
  readonly clientId: string;
  /** Somebody signed out where the broker could not be told: its session is to be ended with the next connection. */
  readonly afresh?: boolean;
  /** The protocol that worked last. */
  readonly protocol?: 4 | 5;
  /** The QoS 1 messages that are stored and may come again. */
  readonly taken?: TakenMessages;
  /** The filters that the broker may have in the session of an earlier page. */
  readonly heldFilters?: readonly string[];
}

/** What a home keeps: samples, devices, gaps, events and commands. One for each home; only its leader writes. */
export interface History {
  readonly remembered: Remembered;
  /** The term of leadership under which it writes: a write is refused once a later one has begun. */
  readonly term: number;
  readonly storage: StorageState;
  /** Samples: made durable since it was opened; durable in this browser now; lost to the store, whatever the cause. */
  readonly counts: { readonly stored: number; readonly kept: number; readonly notKept: number };

  /** The id of a series, given at first sight. A device that is not remembered yet is from then on. */
  seriesId(device: DeviceKey, channel: string): SeriesId;

  /**
   * Takes a sample; it is durable about a second later. `t` is the receive time in epoch ms (kept in whole ms), `ts` the
   * device's own time or NaN. A sample whose time cannot be a date is counted as not kept.
   */
  record(series: SeriesId, t: number, ts: number, value: Value, late: boolean): void;

  /** As `record`, for the values of one message, one for each series. */
  recordMessage(series: readonly SeriesId[], t: number, ts: number, values: ArrayLike<Value>): void;

  /**
   * What is taken in at QoS 1 is stored with its samples, so that a page after a crash knows what comes again. `news` is
   * asked with each flush and answers `undefined` while there is nothing new.
   */
  withTaken(news: () => TakenMessages | undefined): void;

  /** Remembers a device with the next flush. Not needed for `lastSeen` alone: samples say that by themselves. */
  saveDevice(record: DeviceRecord): void;

  /** Takes a device out of what is remembered. Its samples stay until they are too old. */
  dropDevice(key: DeviceKey): void;

  /** Somebody was listening until then; written with every flush and at least every 5 s. */
  heard(until: number): void;

  /** Nobody listened between these two times; written with the next flush. */
  gap(from: number, to: number): void;

  /** Something happened; written with the next flush. */
  event(event: HistoryEvent): void;

  readonly commands: CommandStore;
  readonly configs: ConfigStore;

  /** Makes what became of alerts durable; `undefined` takes one out. Rejects when it could not. */
  saveAlerts(changes: ReadonlyMap<string, StoredAlert | undefined>): Promise<void>;

  /** Answers when the rules are on disk. Rejects with one sentence. */
  saveAlertRules(rules: RuleSets): Promise<void>;

  /** Answers when the descriptions of this browser, all of them, are on disk. Rejects with one sentence. */
  saveLocalDescriptions(all: readonly LocalDescription[]): Promise<void>;

  /** Answers when everything recorded so far is durable, or counted as not kept. Never rejects. */
  flush(): Promise<void>;

  /**
   * At most two points per pixel, stored or not yet: those that were recorded, or of a wide range and of a distant past
   * the smallest and largest of minutes and hours. Rejects with one sentence, or with what `stillWanted` throws.
   */
  series(request: SeriesRequest, stillWanted?: StillWanted): Promise<SeriesAnswer>;

  /** What every channel did in some hours of the last two days. Rejects with one sentence. */
  overview(request: OverviewRequest): Promise<OverviewAnswer>;

  /** What happened in a range. Rejects with one sentence. */
  events(request: EventsRequest): Promise<EventsAnswer>;

  /** Every sample of one device in a short range, in order. Rejects with one sentence. */
  replay(request: ReplayRequest): Promise<Replay>;

  /** How much of what is stored. Rejects with one sentence. */
  usage(): Promise<HistoryUsage>;

  /** How much of the past is kept. */
  readonly settings: HistorySettings;

  /** Answers when the settings are stored and what they do not keep is gone. Rejects with one sentence. */
  setSettings(settings: Partial<HistorySettings>): Promise<void>;

  /** One page of NDJSON, in order of receive time, complete to the last durable sample. Rejects with one sentence. */
  exportPage(device: DeviceKey, cursor?: number): Promise<ExportPage>;

  /** Never rejects: it saves one attempt the next time, no more. */
  rememberProtocol(protocol: 4 | 5): Promise<void>;

  /** The client id to use from now on. Never rejects: without a store it lasts as long as this page. */
  rememberClientId(id: string): Promise<void>;

  /** Whether the session that the broker may keep is over. Never rejects. */
  rememberAfresh(afresh: boolean): Promise<void>;

  /** Which filters the broker may have in our session; written soon. */
  rememberHeldFilters(filters: readonly string[]): void;

  /** Flushes and closes. */
  close(): Promise<void>;

  /**
   * Deletes the database; this history is closed by it, and whoever goes on listening opens a new one. Rejects with one
   * sentence when another tab holds on to it.
   */
  forget(): Promise<void>;
}

export interface HistoryOptions {
  /** The database's name: the home's. */
  readonly name: string;
  readonly open: OpenDatabase;
  readonly clock: Clock;
  /** `n` random bytes. */
  readonly random: (n: number) => Uint8Array;
  /** `storage` or `counts` changed. */
  readonly onChange: () => void;
  /** The highest term that was heard of; the history begins a later one, unless it is only read. */
  readonly above?: number;
  /** A write was refused, since a later term has begun. */
  readonly onOldTerm?: () => void;
  readonly readOnly?: boolean;
}
