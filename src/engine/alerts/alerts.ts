import type { Alert } from '../../model/alert/alert.ts';
import type { AlertBook } from './alert-book.ts';
import type { DeviceState } from '../live/device-state.ts';

/** Unreadable messages are an alert until there has been none for this long. */
const PROBLEM_LASTS_MS = 5 * 60_000;

type Kind = Exclude<Alert['kind'], 'rule'>;
const KINDS: readonly Kind[] = ['offline', 'no-data', 'problem', 'clock'];

/** What needs a person whatever the rules say. While there is no link nothing begins and nothing ends. */
export class Alerts {
  readonly #book: AlertBook;
  readonly #isQuiet: (device: DeviceState, now: number) => boolean;

  constructor(book: AlertBook, isQuiet: (device: DeviceState, now: number) => boolean) {
    this.#book = book;
    this.#isQuiet = isQuiet;
  }

  /** Compares what stands for a device with what should. */
  check(device: DeviceState, now: number): void {
    const stands = this.#book.standsFor(device.key);
    for (const kind of KINDS) {
      const should = this.#should(kind, device, now);
      // Nearly always, and once a second for each of thousands: a key is not made for that.
      if (!should && !stands) continue;
      const key = `${device.key}/${kind}`;
      const before = this.#book.get(key);
      if (should && !before) this.#begin(key, kind, device, now);
      else if (before && !should && isOver(kind, before, device, now)) this.#end(key, before, now);
    }
  }

  /** A device that is gone needs nobody. */
  forget(device: DeviceState, now: number): void {
    for (const kind of KINDS) {
      const key = `${device.key}/${kind}`;
      const before = this.#book.get(key);
      if (before) this.#end(key, before, now);
    }
  }

  /** A person knows of it. */
  acknowledge(key: string, at: number, by: string): void {
    const before = this.#book.get(key);
    if (before?.state !== 'firing') return;
    this.#book.note(key, { ...before, state: 'acknowledged', acknowledged: { at, by } });
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
    this.#book.note(key, {
      // The same thing may begin again: each time is an alert of its own.
      id: `${key}@${now}`,
      device: device.key,
      kind,
      severity: kind === 'offline' ? 'critical' : 'warning',
      state: 'firing',
      text: textOf(kind, device),
      ...(since !== undefined && { since }),
    });
  }

  #end(key: string, alert: Alert, now: number): void {
    this.#book.note(key, { ...alert, state: 'resolved', resolvedAt: now });
  }
}

/** Whether it is known to be over: what an earlier page raised is not, until the device says so. */
function isOver(kind: Kind, alert: Alert, device: DeviceState, now: number): boolean {
  switch (kind) {
    case 'offline':
      return device.confirmed;
    case 'no-data':
      return device.online === 'offline' || (device.lastSeen ?? 0) > (alert.since ?? 0);
    case 'problem':
      return now - (device.problemAt ?? alert.since ?? 0) >= PROBLEM_LASTS_MS;
    case 'clock':
      return device.clock.offset() !== undefined;
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
