import type { Effect, MessageMeta } from '../model/convention.ts';
import type { Value } from '../model/sample.ts';
import type { HomeAlerts } from './alerts/home-alerts.ts';
import type { Outbox } from './commands/outbox.ts';
import type { Pages } from './feed/pages.ts';
import type { ChannelState, DeviceState } from './live/device-state.ts';
import { FoundChannels } from './live/found-channels.ts';
import type { History } from './history/history.ts';
import type { LiveState } from './live/live-state.ts';
import type { Problems } from './problems.ts';

type Samples = Extract<Effect, { type: 'samples' }>;

/** What samples have an effect on. */
export interface SamplesTarget {
  readonly live: LiveState;
  readonly history: History;
  readonly outbox: Outbox;
  readonly pages: Pages;
  readonly alerts: HomeAlerts;
  readonly problems: Problems;
  readonly counts: { samples: number };
}

/** What a broker has under way unacknowledged is not older than this. */
const REDELIVERY_MS = 5 * 60_000;

/** What a person is told of a device that does. */
export const TOO_MANY_CHANNELS = 'The device sends more channels than are kept; the rest is left out.';

/** The device of an effect that is used again, while it is in the fleet. */
export function foundDevice({ found }: Samples): DeviceState | undefined {
  return found instanceof FoundChannels && !found.device.forgotten ? found.device : undefined;
}

/**
 * What happens with the values that a device sent. Answers whether its row changed: once a second at most, which is often
 * enough to look for alerts.
 */
export function takeSamples(
  target: SamplesTarget,
  device: DeviceState,
  effect: Samples,
  topic: string,
  meta: MessageMeta,
): boolean {
  const { live, pages, alerts } = target;
  const { receivedAt } = meta;
  const found = channelsOf(target, device, effect);
  const values = found.places ? at(effect.values, found.places) : effect.values;
  if (values.length !== found.channels.length)
    throw new Error(`${effect.channels.length} channels, and ${effect.values.length} values.`);
  const isAbsolute = effect.clock === 'absolute';
  let changed = false;
  if (meta.retain) {
    // A replay of what was recorded when it was live, or of unknown age: shown, never recorded again.
    const ts = isAbsolute ? effect.ts : undefined;
    for (let i = 0; i < values.length; i++) live.retained(found.channels[i]!, values[i]!, ts);
  } else {
    if (isAbsolute && effect.ts !== undefined && !meta.queued) device.clock.push(effect.ts, receivedAt);
    device.uptimeClock = effect.clock === 'uptime';
    changed = live.heard(device, receivedAt);
    if (meta.queued) {
      const sentAt = ownTime(device, effect, receivedAt);
      takeQueued(target, found, values, effect.ts, sentAt, meta);
      if (device.alerting) alerts.rules.heard(device, sentAt, true);
    } else {
      if (!meta.stored) takeLive(target, found, values, effect.ts, receivedAt);
      if (device.alerting) alerts.rules.heard(device, receivedAt, false);
    }
  }
  pages.sampled(device.key);
  if (found.places) target.problems.add(receivedAt, topic, TOO_MANY_CHANNELS, device.key);
  return changed;
}

/** Apart, since a function made where every message passes costs an object for each, also where it is not called. */
function at(values: ArrayLike<Value>, places: readonly number[]): readonly Value[] {
  return places.map((i) => values[i]!);
}

/** On the path of every message. */
function takeLive(
  target: SamplesTarget,
  { device, channels, series }: FoundChannels,
  values: ArrayLike<Value>,
  ts: number | undefined,
  at: number,
): void {
  const { live, alerts, outbox } = target;
  target.counts.samples += values.length;
  target.history.recordMessage(series, at, ts ?? NaN, values);
  for (let i = 0; i < values.length; i++) {
    const channel = channels[i]!;
    const value = values[i]!;
    live.sampled(channel, value, at);
    if (channel.alerting) alerts.rules.sampled(channel.alerting, value, at, false);
  }
  target.pages.samples(series, at, values);
  if (!outbox.awaitsSamples) return;
  for (let i = 0; i < values.length; i++) outbox.sampled(device.key, channels[i]!.channel, values[i]!);
}

/** What the broker had kept was sent at `sentAt`: it is recorded there, and shown where nothing newer is. */
function takeQueued(
  { live, history, counts, alerts }: SamplesTarget,
  { channels }: FoundChannels,
  values: ArrayLike<Value>,
  ts: number | undefined,
  sentAt: number,
  meta: MessageMeta,
): void {
  if (meta.stored) return;
  for (let i = 0; i < values.length; i++) {
    const channel = channels[i]!;
    const value = values[i]!;
    if (meta.dup && isStored(history, channel, ts)) continue;
    counts.samples++;
    history.record(channel.series, sentAt, ts ?? NaN, value, true);
    if (sentAt < channel.at) continue;
    live.sampled(channel, value, sentAt);
    if (channel.alerting) alerts.rules.sampled(channel.alerting, value, sentAt, true);
  }
}

/** When a message was sent that the broker had queued: at its own absolute time, else nobody knows and it is its receipt. */
function ownTime(device: DeviceState, effect: Samples, at: number): number {
  if (effect.clock !== 'absolute' || effect.ts === undefined) return at;
  // Nothing that has come was sent later, whatever the device's clock says.
  return Math.min(at, effect.ts - (device.clock.skew() ?? 0));
}

/**
 * Whether an earlier page stored the sample, and only its acknowledgement was lost. A device's messages come in order, so
 * that is so when its own time is not after that of the last stored one; if it is long before, the device has restarted.
 */
function isStored(history: History, channel: ChannelState, ts: number | undefined): boolean {
  const last = history.remembered.latest.get(channel.series)?.ts;
  return ts !== undefined && last !== undefined && ts <= last && last - ts < REDELIVERY_MS;
}

/** Where the channels are, made where they are new. */
function channelsOf(target: SamplesTarget, device: DeviceState, effect: Samples): FoundChannels {
  const { found } = effect;
  if (found instanceof FoundChannels && found.device === device) return found;
  const anew = new FoundChannels(device, lookUp(target, device, effect.channels));
  if (found !== undefined) effect.found = anew;
  return anew;
}

function lookUp(
  target: SamplesTarget,
  device: DeviceState,
  names: readonly string[],
): (ChannelState | undefined)[] {
  const { live, history, alerts } = target;
  return names.map((name) => {
    const known = device.channels.get(name);
    if (known) return known;
    const channel = live.channel(device, name, () => history.seriesId(device.key, name));
    if (channel) alerts.rules.takeUpChannel(channel);
    return channel;
  });
}
