import type { Alert } from '../engine-api/frame.ts';
import type { DeviceState } from './device-state.ts';

/** Unreadable messages are an alert until there has been none for this long. */
const PROBLEM_LASTS_MS = 5 * 60_000;
const MAX_RESOLVED = 100;

type Kind = Alert['kind'];
const KINDS: readonly Kind[] = ['offline', 'no-data', 'problem', 'clock'];

/** What needs a person, found from the devices' own state. While there is no link nothing begins and nothing ends. */
export class Alerts {
  #firing = new Map<string, Alert>();
  #resolved: Alert[] = [];
  readonly #isQuiet: (device: DeviceState, now: number) => boolean;
  readonly #onChange: (changed: Alert, now: number) => void;

  constructor(
    isQuiet: (device: DeviceState, now: number) => boolean,
    onChange: (changed: Alert, now: number) => void,
  ) {
    this.#isQuiet = isQuiet;
    this.#onChange = onChange;
  }

  /** Those that fire, then the last ones that did; newest first. */
  list(): readonly Alert[] {
    return [...[...this.#firing.values()].reverse(), ...this.#resolved];
  }

  /** Compares what fires for a device with what should. */
  check(device: DeviceState, now: number): void {
    for (const kind of KINDS) {
      const key = `${device.key}/${kind}`;
      const before = this.#firing.get(key);
      const should = this.#should(kind, device, now);
      if (should && !before) this.#begin(key, kind, device, now);
      else if (before && !should) this.#end(key, before, now);
    }
  }

  /** A device that is gone needs nobody. */
  forget(device: DeviceState, now: number): void {
    for (const kind of KINDS) {
      const key = `${device.key}/${kind}`;
      const before = this.#firing.get(key);
      if (before) this.#end(key, before, now);
    }
  }

  #should(kind: Kind, device: DeviceState, now: number): boolean {
    switch (kind) {
      case 'offline':
        return device.online === 'offline';
      case 'no-data':
        return device.online !== 'offline' && this.#isQuiet(device, now);
      case 'problem':
        return device.problemAt !== undefined && now - device.problemAt < PROBLEM_LASTS_MS;
      case 'clock':
        return device.clock.skew() !== undefined;
    }
  }

  #begin(key: string, kind: Kind, device: DeviceState, now: number): void {
    const since = kind === 'offline' ? device.statusSince : kind === 'no-data' ? device.lastSeen : now;
    const alert: Alert = {
      // The same thing may begin again: each time is an alert of its own.
      id: `${key}@${now}`,
      device: device.key,
      kind,
      state: 'firing',
      text: textOf(kind, device),
      ...(since !== undefined && { since }),
    };
    this.#firing.set(key, alert);
    this.#onChange(alert, now);
  }

  #end(key: string, alert: Alert, now: number): void {
    const resolved: Alert = { ...alert, state: 'resolved', resolvedAt: now };
    this.#firing.delete(key);
    this.#resolved = [resolved, ...this.#resolved].slice(0, MAX_RESOLVED);
    this.#onChange(resolved, now);
  }
}

function textOf(kind: Kind, device: DeviceState): string {
  const name = device.description?.name ?? device.id;
  switch (kind) {
    case 'offline':
      return `${name} is offline.`;
    case 'no-data':
      return `${name} has sent nothing for longer than it should.`;
    case 'problem':
      return `${name} sends messages that cannot be read.`;
    case 'clock': {
      const skew = device.clock.skew() ?? 0;
      return `The clock of ${name} is ${span(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}.`;
    }
  }
}

/** A span of time in the largest unit that fits. */
function span(ms: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  for (const [unit, size] of units) {
    const n = Math.round(ms / size);
    if (ms >= size) return `${n} ${unit}${n === 1 ? '' : 's'}`;
  }
  return `${Math.round(ms / 1_000)} seconds`;
}
