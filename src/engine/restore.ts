import type { Remembered } from './history.ts';
import type { LiveState } from './live-state.ts';
import type { Outbox } from './outbox.ts';

/** Puts what this browser remembers into the live state, dated and never as live. */
export function restore(live: LiveState, outbox: Outbox, remembered: Remembered, now: number): void {
  for (const record of remembered.devices) {
    const device = live.device(record.key);
    if (!device) break;
    device.online = record.online;
    device.statusSince = record.statusSince;
    device.lastSeen = record.lastSeen;
    device.description = record.description;
  }
  for (const { id, device: key, channel: name } of remembered.series) {
    const device = live.devices.get(key);
    const channel = device && live.channel(device, name, () => id);
    const last = remembered.latest.get(id);
    if (channel && last) live.remembered(channel, last.value, last.t);
  }
  live.settle(now);
  outbox.restore(remembered.commands, remembered.heardUntil);
}
