import { SvelteMap } from 'svelte/reactivity';
import type {
  ChannelRow,
  Counters,
  DeviceChange,
  DeviceRow,
  Frame,
  Problem,
  RawMessage,
  SeriesId,
  StorageState,
  ValueColumns,
} from '../../engine-api/frame.ts';
import type { Link, Subscription } from '../../engine-api/link.ts';
import type { RulesState } from '../../engine-api/rules.ts';
import type { Gap } from '../../engine-api/series.ts';
import type { Alert } from '../../model/alert/alert.ts';
import { NO_RULES } from '../../model/alert/rule-sets.ts';
import type { Command } from '../../model/command.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { dropOldest } from './drop-oldest.ts';
import { devicesInTrouble } from './attention.ts';
import { withDescription } from './with-description.ts';
import { MessageRate } from './message-rate.ts';
import { RowTable } from './row-table.ts';
import { SampleFeed } from './sample-feed.ts';
import { eachValue } from './shown-value.ts';
import type { ShownValue } from './shown-value.ts';
import { Trails } from './trails.ts';

/** More would be scrolled past, not read. */
const MAX_PROBLEMS = 500;

/** What the engine keeps, and some: older ones are read from the log. */
const MAX_COMMANDS = 4_000;

const NO_LINK: Link = {
  phase: 'offline',
  since: Date.now(),
  cause: 'signed-out',
  attempts: 0,
  tab: 'alone',
  lacks: [],
};

const NO_COUNTERS: Counters = {
  received: 0,
  bytes: 0,
  viewedBytes: 0,
  samples: 0,
  stored: 0,
  kept: 0,
  problems: 0,
  notKept: 0,
};

/** What the engine has said so far. Everything in it is immutable and replaced, never changed in place. */
export class Live {
  readonly devices = new RowTable<DeviceKey, DeviceRow>();
  readonly channels = new RowTable<SeriesId, ChannelRow>();
  readonly values = new RowTable<SeriesId, ShownValue>();
  readonly commands = new SvelteMap<string, Command>();
  readonly raw = new RowTable<DeviceKey, RawMessage>();
  readonly samples = new SampleFeed();
  readonly trails = new Trails();
  readonly #rate = new MessageRate();
  readonly #bytes = new MessageRate();
  readonly #viewedBytes = new MessageRate();

  deviceKeys = $state.raw<readonly DeviceKey[]>([]);
  alerts = $state.raw<readonly Alert[]>([]);
  rules = $state.raw<RulesState>(NO_RULES);
  /** The devices that an alert is firing for: asked for by every card. */
  readonly troubled = $derived(devicesInTrouble(this.alerts));
  subscriptions = $state.raw<readonly Subscription[]>([]);
  problems = $state.raw<readonly Problem[]>([]);
  link = $state.raw<Link>(NO_LINK);
  storage = $state.raw<StorageState>({ mode: 'opening' });
  counters = $state.raw<Counters>(NO_COUNTERS);
  policy = $state.raw<PolicyDocument | null>(null);
  /** The outages that ended since the page began, for what was fetched before them. */
  gaps = $state.raw<readonly Gap[]>([]);
  /** Grows with each snapshot and when a hidden page is seen again: whoever fetched something for the fleet before fetches it again. */
  epoch = $state(0);
  /** Grows when a device came, went, or changed its status or name: the fleet may have another order. */
  arrangement = $state(0);

  /** Takes in one frame; called once per animation frame. */
  apply(frame: Frame): void {
    if (frame.snapshot === true) this.#clear();
    if (frame.link !== undefined) this.link = frame.link;
    if (frame.storage !== undefined) this.storage = frame.storage;
    if (frame.policy !== undefined) this.policy = frame.policy;
    if (frame.alerts !== undefined) this.alerts = frame.alerts;
    if (frame.rules !== undefined) this.rules = frame.rules;
    if (frame.subscriptions !== undefined) this.subscriptions = frame.subscriptions;
    if (frame.counters !== undefined) {
      this.counters = frame.counters;
      this.#rate.add(Date.now(), frame.counters.received);
      this.#bytes.add(Date.now(), frame.counters.bytes);
      this.#viewedBytes.add(Date.now(), frame.counters.viewedBytes);
    }
    for (const channel of frame.channels ?? []) this.channels.set(channel.series, channel);
    this.#applyDevices(frame.devices ?? [], frame.removed ?? []);
    if (frame.values !== undefined) this.#applyValues(frame.values);
    if (frame.samples !== undefined) this.samples.publish(frame.samples);
    if (frame.gaps !== undefined) this.gaps = [...this.gaps, ...frame.gaps];
    for (const command of frame.commands ?? []) this.commands.set(command.id, command);
    if (this.commands.size > MAX_COMMANDS) dropOldest(this.commands, MAX_COMMANDS);
    for (const message of frame.raw ?? []) this.raw.set(message.device, message);
    if (frame.problems !== undefined) {
      this.problems = frame.problems.toSorted((a, b) => b.lastAt - a.lastAt).slice(0, MAX_PROBLEMS);
    }
  }

  /** The page is seen again: what came meanwhile is in the history alone. */
  shownAgain(): void {
    this.epoch += 1;
  }

  /** Bytes a minute of what comes and of what is looked at; `undefined` while not known yet. `now` is epoch ms. */
  traffic(now: number): { readonly all: number | undefined; readonly viewed: number | undefined } {
    if (this.link.phase !== 'live') return { all: undefined, viewed: undefined };
    return { all: this.#bytes.perMinute(now), viewed: this.#viewedBytes.perMinute(now) };
  }

  /** Messages a minute; `undefined` while that is not known yet. `now` is epoch ms. */
  messagesPerMinute(now: number): number | undefined {
    return this.link.phase === 'live' ? this.#rate.perMinute(now) : undefined;
  }

  #applyDevices(changes: readonly DeviceChange[], removed: readonly DeviceKey[]): void {
    let rearranged = removed.length > 0;
    let added = false;
    for (const change of changes) {
      const before = this.devices.get(change.key);
      const row = withDescription(change, before);
      added ||= before === undefined;
      // By value: every row that crossed the wire carries a description object of its own.
      rearranged ||=
        before?.status !== row.status ||
        before.description?.name !== row.description?.name ||
        before.description?.kind !== row.description?.kind;
      this.devices.set(row.key, row);
    }
    for (const key of removed) this.devices.delete(key);
    if (added || removed.length > 0) this.deviceKeys = [...this.devices.keys()];
    if (rearranged) this.arrangement += 1;
  }

  #applyValues(columns: ValueColumns): void {
    eachValue(
      columns,
      (series) => this.values.get(series),
      (series, shown) => {
        this.values.set(series, shown);
        if (shown.source === 'live') this.trails.extend(series, shown.at, shown.value);
      },
    );
  }

  #clear(): void {
    for (const map of [this.devices, this.channels, this.values, this.commands, this.raw]) map.clear();
    this.trails.clear();
    this.deviceKeys = [];
    this.alerts = [];
    this.rules = NO_RULES;
    this.subscriptions = [];
    this.problems = [];
    this.gaps = [];
    this.counters = NO_COUNTERS;
    this.policy = null;
    this.#rate.reset();
    this.#bytes.reset();
    this.#viewedBytes.reset();
    this.epoch += 1;
    this.arrangement += 1;
  }
}
