import type { ConfigSeen, DeviceConfig } from '../model/config/config-change.ts';
import type { Remembered } from './history/history.ts';
import type { LiveState } from './live/live-state.ts';
import type { Outbox } from './commands/outbox.ts';

/** Puts what this browser remembers into the live state, dated and never as live. */
export function restore(live: LiveState, outbox: Outbox, remembered: Remembered, now: number): void {
  for (const record of remembered.devices) {
    const device = live.device(record.key);
    if (!device) break;
    device.online = record.online;
    device.statusSince = record.statusSince;
    device.lastSeen = record.lastSeen;
    device.published = record.description;
    device.config = rememberedConfig(record.config);
  }
  for (const { id, device: key, channel: name } of remembered.series) {
    const device = live.devices.get(key);
    const channel = device && live.channel(device, name, () => id);
    const last = remembered.latest.get(id);
    if (channel && last) live.remembered(channel, last.value, last.t);
  }
  live.settle(now);
  // Without a link nobody hears anything, and the clock may have been set since.
  outbox.restore(remembered.commands, remembered.clockSeen ?? remembered.heardUntil);
}

function rememberedConfig({ desired, reported }: DeviceConfig = {}): DeviceConfig {
  // What was too large to be kept is not known any more.
  const dated = (which: keyof DeviceConfig, seen: ConfigSeen | undefined) =>
    seen?.value === undefined ? {} : { [which]: { ...seen, source: 'history' } };
  return { ...dated('desired', desired), ...dated('reported', reported) };
}
