import type { Effect, MessageMeta, Publish } from '../model/convention.ts';
import type { Configs } from './documents/configs.ts';
import type { Descriptions } from './documents/descriptions.ts';
import { recordOf, type DeviceState } from './live/device-state.ts';
import type { Overheard } from './commands/overheard.ts';
import type { Reader } from './reading/reader.ts';
import type { Routes } from './reading/routes.ts';
import type { Subscriptions } from './link/subscriptions.ts';
import { foundDevice, takeSamples, TOO_MANY_CHANNELS, type SamplesTarget } from './take-samples.ts';

/** Everything that a message can have an effect on. */
export interface EffectTarget extends SamplesTarget {
  readonly overheard: Overheard;
  readonly configs: Configs;
  readonly descriptions: Descriptions;
  readonly routes: Routes;
  readonly subscriptions: Subscriptions;
  readonly publish: (publish: Publish) => void;
}

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

  const device =
    (effect.type === 'samples' && foundDevice(effect)) || live.device(reader.key(effect.device ?? ''));
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
