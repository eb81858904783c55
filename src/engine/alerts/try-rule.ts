import type { TriedAlert, TryAnswer, TryRequest } from '../../engine-api/rules.ts';
import { inScope } from '../../model/alert/in-scope.ts';
import { ruleFaults } from '../../model/alert/parse-rules.ts';
import { channelOf } from '../../model/alert/rule.ts';
import type { Clock } from '../time/clock.ts';
import type { DeviceState } from '../live/device-state.ts';
import type { History } from '../history/history.ts';
import { RuleReplay } from './replay-rule.ts';
import { scopedOf } from './rule-place.ts';

/** A step takes about so long; whoever asks can stop between two. */
const STEP_MS = 150;
/** How much of a device's past is in memory at once. */
const PART_MS = 6 * 3_600_000;

/**
 * Runs a rule over the stored past of the devices that it is about, as many as fit in one step. Rejects with one sentence.
 */
export async function tryRule(
  { rule, from, to, next = 0 }: TryRequest,
  world: { readonly devices: Iterable<DeviceState>; readonly history: History; readonly clock: Clock },
): Promise<TryAnswer> {
  const [fault] = ruleFaults(rule);
  if (fault !== undefined) throw new Error(fault);
  if (!(from < to)) throw new Error('The range ends before it begins. Choose another range.');
  const { history, clock } = world;
  const channel = channelOf(rule.on);
  const what = rule.on.when === 'offline' ? 'status' : channel === undefined ? 'samples' : { channel };
  const devices = [...world.devices]
    .filter((device) => inScope(rule.scope, scopedOf(device)))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const started = clock.elapsed();
  const alerts: TriedAlert[] = [];
  let samples = 0;
  let storedFrom = 0;
  let first = Infinity;
  let unknown = 0;
  let at = next;
  while (at < devices.length) {
    alerts.push(...(await tryDevice(devices[at]!)));
    at++;
    if (clock.elapsed() - started >= STEP_MS) break;
  }
  return {
    alerts,
    devices: devices.length,
    samples,
    storedFrom,
    unknown,
    ...(first < Infinity && { first }),
    ...(at < devices.length && { next: at }),
  };

  async function tryDevice(device: DeviceState): Promise<readonly TriedAlert[]> {
    const replay = new RuleReplay(rule, device.key, from, device.interval);
    for (let begin = from; begin < to; begin += PART_MS) {
      const part = await history.replay({
        device: device.key,
        what,
        from: begin,
        to: Math.min(to, begin + PART_MS),
      });
      storedFrom = part.storedFrom;
      samples += part.samples.length;
      replay.take(part);
    }
    first = Math.min(first, replay.first);
    unknown = Math.max(unknown, replay.unknown);
    return replay.end(to);
  }
}
