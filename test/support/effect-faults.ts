import type { Effect, WantedFilter } from '../../src/model/convention.ts';
import { isValidFilter, isValidTopic } from '../../src/model/topic.ts';

/** What is wrong with an effect by the contract of `src/model/convention.ts`; empty when it is well-formed. */
export function effectFaults(effect: Effect): readonly string[] {
  const faults: string[] = [];
  const want = (holds: boolean, fault: string) => {
    if (!holds) faults.push(`${effect.type}: ${fault}`);
  };
  if ('device' in effect && effect.device !== undefined) want(effect.device !== '', 'the device has no id');
  switch (effect.type) {
    case 'samples': {
      const { channels, values } = effect;
      want(channels.length === values.length, 'not one value for each channel');
      want(new Set(channels).size === channels.length, 'a channel twice');
      want(!channels.includes(''), 'a channel without a name');
      want(
        Array.from(values).every((value) => isValue(value)),
        'a value that cannot be kept',
      );
      want((effect.ts === undefined) === (effect.clock === undefined), 'ts and clock go together');
      want(effect.ts === undefined || (Number.isFinite(effect.ts) && effect.ts >= 0), 'ts is no time');
      break;
    }
    case 'status':
      want(effect.online === null || typeof effect.online === 'boolean', 'neither true, false nor null');
      break;
    case 'description':
      want(effect.description === null || effect.description.channels instanceof Map, 'channels is no map');
      break;
    case 'ack':
      want(effect.id !== '' && typeof effect.ok === 'boolean', 'no id or no ok');
      break;
    case 'command':
      want(effect.id !== '' && effect.name !== '', 'an empty id or name');
      want(
        (effect.name === undefined) === (effect.raw !== undefined),
        'either a name or what stands in its place',
      );
      break;
    case 'problem':
      want(/^\S.*\.$/.test(effect.message), `not one sentence: ${effect.message}`);
      want(effect.message.length <= 600, `too long to be read: ${effect.message.length} characters`);
      break;
    case 'subscribe':
      faults.push(...filterFaults(effect.wanted));
      break;
    case 'unsubscribe':
      want(isValidFilter(effect.filter), 'not a filter');
      break;
    case 'publish':
      want(isValidTopic(effect.publish.topic), 'not a topic');
      want(effect.publish.payload instanceof Uint8Array, 'the payload is not bytes');
      break;
    case 'channel':
      want(effect.channel !== '', 'a channel without a name');
      break;
    case 'config':
    case 'forget':
      break;
  }
  return faults;
}

/** What is wrong with a wanted subscription. */
export function filterFaults(wanted: WantedFilter): readonly string[] {
  return isValidFilter(wanted.filter) ? [] : [`not a filter: ${wanted.filter}`];
}

function isValue(value: unknown): boolean {
  return typeof value === 'boolean' || typeof value === 'string' || Number.isFinite(value);
}
