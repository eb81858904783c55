import type { SendRequest } from '../../engine-api/calls.ts';
import type { DeviceRow } from '../../engine-api/frame.ts';
import type { Command } from '../../model/command.ts';
import { sameJson } from '../../model/config/same-json.ts';
import type { DeviceKey } from '../../model/device.ts';
import { counted } from '../words/value-words.ts';

/** What of a batch may be sent once more. */
export interface Again {
  readonly commands: readonly Command[];
  /** What goes to each of them, in their order, where it is not the same for all. */
  readonly each?: readonly Pick<SendRequest, 'args' | 'config'>[];
  /** Which are left out and why, in one sentence. */
  readonly left?: string;
}

/**
 * Configurations that may be asked for once more: those of devices of which is asked what was asked before, or just this. Of the
 * others somebody else has asked for something since.
 */
export function stillFitting(
  commands: readonly Command[],
  rowOf: (key: DeviceKey) => DeviceRow | undefined,
): Again {
  const now = (device: DeviceKey) => rowOf(device)?.config?.desired?.value ?? null;
  const fitting = commands.filter(({ device, args, config }) =>
    [config?.base ?? null, args].some((one) => sameJson(now(device), one)),
  );
  const left = commands.length - fitting.length;
  return {
    commands: fitting,
    each: fitting.map(({ device, args }) => ({ args, config: { base: now(device) } })),
    ...(left > 0 && {
      left: `${counted(left, 'device')} left out: somebody else has asked something of them since. Look at them on their pages.`,
    }),
  };
}
