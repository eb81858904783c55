import type { Effect, MessageMeta, Publish } from '../model/convention.ts';
import type { Value } from '../model/sample.ts';
import type { Configs } from './documents/configs.ts';
import type { Descriptions } from './documents/descriptions.ts';
import { recordOf, type ChannelState, type DeviceState } from './live/device-state.ts';
import type { History } from './history/history.ts';
import type { HomeAlerts } from './alerts/home-alerts.ts';
import type { LiveState } from './live/live-state.ts';
import type { Outbox } from './commands/outbox.ts';
import type { Overheard } from './commands/overheard.ts';
import type { Pages } from './feed/pages.ts';
import type { Problems } from './problems.ts';
import type { Reader } from './reading/reader.ts';
import type { Routes } from './reading/routes.ts';
import type { Subscriptions } from './link/subscriptions.ts';

/** Everything that a message can have an effect on. */
export interface EffectTarget {
  readonly live: LiveState;
  readonly history: History;
  readonly outbox: Outbox;
  readonly overheard: Overheard;
  readonly configs: Configs;
  readonly descriptions: Descriptions;
  readonly pages: Pages;
  readonly alerts: HomeAlerts;
  readonly problems: Problems;
  readonly routes: Routes;
  readonly subscriptions: Subscriptions;
  readonly counts: { samples: number };
  readonly publish: (publish: Publish) => void;
}

/** What a broker has under way unacknowledged is not older than this. */
const REDELIVERY_MS = 5 * 60_000;

const TOO_MANY_CHANNELS = 'The device sends more channels than are kept; the rest is left out.';

/** Carries out one effect. Answers the device whose state may call for an alert now, or for none any more. */
export function applyEffect(
  target: EffectTarget,
  reader: Reader,
  effect: Effect,
  topic: string,
  payload: Uint8Array,
  meta: MessageMeta,
): DeviceState | undefined {
  const { live, history, outbox, pages, problems, routes, subscriptions } = target;
  const at = meta.receivedAt;
  switch (effect.type) {
    case 'subscribe':
      if (subscriptions.want([effect.wanted])) {
        routes.add(effect.wanted.filter, reader);
      } else {
        problems.add(
          at,
          topic,
          `A subscription that ${reader.name} learned was not taken: ${effect.wanted.filter.slice(0, 200)}`,
        );
      }
      return undefined;
    case 'unsubscribe':
      if (routes.remove(effect.filter, reader)) subscriptions.drop([effect.filter]);
      return undefined;
    case 'publish':
      target.publish(effect.publish);
      return undefined;
    case 'command':
      // It is not from the device, which need not even exist.
      target.overheard.take(reader.key(effect.device), effect, topic, payload.length, at);
      return undefined;
    case 'problem':
      if (effect.device === undefined) {
        problems.add(at, topic, effect.message);
        return undefined;
      }
      break;
    case 'forget': {
      const key = reader.key(effect.device);
      const device = live.devices.get(key);
      if (device) target.alerts.forget(device, at);
      target.descriptions.take(key, null);
      live.forget(key);
      history.dropDevice(key);
      return undefined;
    }
    default:
  }

  const device = live.device(reader.key(effect.device ?? ''));
  if (!device) {
    problems.add(at, topic, 'There are more devices than this page can hold; this one is not shown.');
    return undefined;
  }
  device.heard(topic, payload, meta);
  if (meta.retain) target.configs.heardRetained();
  if (device.alerting === undefined) target.alerts.rules.takeUp(device);
  pages.raw(device.key);

  switch (effect.type) {
    case 'samples':
      return takeSamples(target, device, effect, topic, meta) ? device : undefined;
    case 'status': {
      const before = device.online;
      live.status(device, effect.online, at, meta.retain);
      target.alerts.rules.status(device, at);
      // A retained copy that says what nobody knew is no change: it was so before anybody looked.
      if (device.online !== before && !(meta.retain && before === 'unknown'))
        history.event({ kind: 'status', at, device: device.key, online: device.online });
      history.saveDevice(recordOf(device));
      break;
    }
    case 'description':
      target.descriptions.take(device.key, effect.document ?? null);
      live.describe(device, effect.description);
      target.alerts.rules.takeUp(device);
      history.saveDevice(recordOf(device));
      break;
    case 'channel':
      if (!live.learn(device, effect.channel, effect.description))
        problems.add(at, topic, TOO_MANY_CHANNELS, device.key);
      break;
    case 'config':
      target.configs.take(device, effect, topic, meta);
      break;
    case 'ack':
      live.heard(device, at);
      target.alerts.rules.heard(device, at, false);
      outbox.acknowledged(device.key, effect);
      target.overheard.acknowledged(device.key, effect);
      break;
    case 'problem':
      device.problems++;
      device.problemAt = at;
      problems.add(at, topic, effect.message, device.key);
      pages.device(device.key);
      break;
  }
  return device;
}

/** Answers whether the device's row changed: once a second at most, which is often enough to look for alerts. */
function takeSamples(
  target: EffectTarget,
  device: DeviceState,
  effect: Extract<Effect, { type: 'samples' }>,
  topic: string,
  meta: MessageMeta,
): boolean {
  const { live, history, outbox, pages } = target;
  const at = meta.receivedAt;
  const absolute = effect.clock === 'absolute';
  let changed = false;
  if (!meta.retain) {
    if (absolute && effect.ts !== undefined && !meta.queued) device.clock.push(effect.ts, at);
    device.uptimeClock = effect.clock === 'uptime';
    changed = live.heard(device, at);
  }
  const queuedAt = meta.queued ? ownTime(device, effect, at) : undefined;
  let full = false;
  for (const [name, value] of effect.values) {
    const channel = device.channels.get(name) ?? newChannel(target, device, name);
    if (!channel) {
      full = true;
      continue;
    }
    if (meta.retain) {
      // A replay of what was recorded when it was live, or of unknown age: shown, never recorded again.
      live.retained(channel, value, absolute ? effect.ts : undefined);
      continue;
    }
    if (meta.stored || (meta.queued && meta.dup && isStored(history, channel, effect.ts))) continue;
    target.counts.samples++;
    if (queuedAt !== undefined) {
      history.record(channel.series, queuedAt, effect.ts ?? NaN, value, true);
      if (queuedAt < channel.at) continue;
      live.sampled(channel, value, queuedAt);
      if (channel.alerting) target.alerts.rules.sampled(channel.alerting, value, queuedAt, true);
      continue;
    }
    live.sampled(channel, value, at);
    if (channel.alerting) target.alerts.rules.sampled(channel.alerting, value, at, false);
    history.record(channel.series, at, effect.ts ?? NaN, value, false);
    pages.sample(channel.series, at, plotted(value));
    outbox.sampled(device.key, name, value);
  }
  if (device.alerting && !meta.retain)
    target.alerts.rules.heard(device, queuedAt ?? at, queuedAt !== undefined);
  pages.sampled(device.key);
  if (full) target.problems.add(at, topic, TOO_MANY_CHANNELS, device.key);
  return changed;
}

/** When a message was sent that the broker had queued: at its own absolute time, else nobody knows and it is its receipt. */
function ownTime(device: DeviceState, effect: Extract<Effect, { type: 'samples' }>, at: number): number {
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

/** Apart, since a function made inside the loop costs an object for every sample, also where it is not called. */
function newChannel(
  { live, history, alerts }: EffectTarget,
  device: DeviceState,
  name: string,
): ChannelState | undefined {
  const channel = live.channel(device, name, () => history.seriesId(device.key, name));
  if (channel) alerts.rules.takeUpChannel(channel);
  return channel;
}

/** What a chart draws; texts are drawn from history, which knows their labels. */
function plotted(value: Value): number {
  return typeof value === 'string' ? NaN : Number(value);
}
