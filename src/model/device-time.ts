/** How far a device's clock may be off before people are told, ms. */
export const SKEW_LIMIT = 5000;

const EPOCH_MS_FROM = 1e11; // 1973 in ms; 3.2 years of uptime; the year 5138 in seconds
const SECONDS_FROM = 1e9; // 2001 in seconds; 11.6 days of uptime in ms
const EPOCH_MS_TO = 1e13; // 2286: beyond it is microseconds or nonsense
const NEAR = 2 * 86_400; // a clock that is right to two days, s
const SAME_RUN = 86_400_000; // two readings further apart than this say nothing about each other
const TELLING = 5000; // receive times this far apart tell ms from s

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** A device's own time: epoch ms when `absolute`, ms since boot when `uptime`. */
export interface DeviceTime {
  readonly ts: number;
  readonly clock: 'absolute' | 'uptime';
}

/**
 * Reads the `ts` of one device, which is not to be trusted:
 *
 * - from 10^11: epoch milliseconds (up to 10^13; beyond it is refused);
 * - below 10^9: milliseconds since boot, as `millis()` gives them. A reboot and the rollover of a 32-bit counter after
 *   49.7 days both come back to small numbers and need no rule of their own;
 * - from 10^9 to 10^11 it may be epoch seconds or an uptime of 11.6 days and more. Two live readings at least 5 s apart
 *   decide by their pace: uptime gains 1000 a second, epoch seconds gain 1. Until then: what the device did before,
 *   else seconds when that is within two days of now, else uptime;
 * - ISO 8601 texts with date and time; without a zone they are read as UTC. Texts of digits only are read as numbers.
 *
 * Not told apart: uptime in seconds or microseconds (read as ms since boot, or refused).
 */
export class DeviceTimeReader {
  private habit: DeviceTime['clock'] | undefined;
  private value = NaN;
  private at = NaN;

  /**
   * @param raw the `ts` of a message
   * @param receivedAt epoch ms
   * @param live false for a retained copy: its receive time says nothing about the pace
   * @returns undefined when it is no time at all
   */
  read(raw: unknown, receivedAt: number, live = true): DeviceTime | undefined {
    if (typeof raw === 'string') return this.readText(raw, receivedAt, live);
    if (typeof raw !== 'number' || !(raw >= 0) || raw > EPOCH_MS_TO) return undefined;
    if (raw >= EPOCH_MS_FROM) return { ts: raw, clock: 'absolute' };
    const clock = raw < SECONDS_FROM ? 'uptime' : this.decide(raw, receivedAt, live);
    this.habit = clock;
    if (live && !(receivedAt - this.at < TELLING && Math.abs(raw - this.value) < SAME_RUN)) {
      this.value = raw;
      this.at = receivedAt;
    }
    return clock === 'uptime' ? { ts: raw, clock } : { ts: Math.round(raw * 1000), clock };
  }

  private decide(raw: number, receivedAt: number, live: boolean): DeviceTime['clock'] {
    const gained = raw - this.value;
    const passed = receivedAt - this.at;
    if (live && passed >= TELLING) {
      if (Math.abs(gained - passed) <= Math.max(2000, passed / 10)) return 'uptime';
      if (Math.abs(gained - passed / 1000) <= Math.max(2, passed / 10_000)) return 'absolute';
    }
    if (this.habit !== undefined && Math.abs(gained) < SAME_RUN) return this.habit;
    return Math.abs(raw - receivedAt / 1000) <= NEAR ? 'absolute' : 'uptime';
  }

  private readText(raw: string, receivedAt: number, live: boolean): DeviceTime | undefined {
    if (raw.length > 40) return undefined;
    if (/^\d+(?:\.\d+)?$/.test(raw)) return this.read(Number(raw), receivedAt, live);
    const zone = ISO.exec(raw);
    if (zone === null) return undefined;
    // Date.parse takes a missing zone for the zone of whoever reads, and wants "." and "+hh:mm".
    const given = zone[1];
    const base = raw.slice(0, raw.length - (given?.length ?? 0)).replace(',', '.');
    const offset = given === undefined || given === 'Z' ? 'Z' : given.replace(/^(.\d\d):?(\d\d)?$/, zoneText);
    const ts = Date.parse(base + offset);
    return ts >= 0 && ts <= EPOCH_MS_TO ? { ts, clock: 'absolute' } : undefined;
  }
}

function zoneText(_all: string, hours: string, minutes: string | undefined): string {
  return `${hours}:${minutes ?? '00'}`;
}

const WINDOW = 50;
/** Messages that must agree before a clock is called slow: a delayed message looks the same as a slow clock. */
const SLOW_NEEDS = 3;

/**
 * How far a device's clock is from this browser's: the median of `ts - receivedAt` over its last 50 messages. Only
 * absolute times of live messages belong in it: uptime has no offset, and a retained or queued message is old.
 */
export class ClockEstimate {
  /** Made with the first message: in a large fleet most devices never say a time. */
  private offsets: Float64Array | undefined;
  private count = 0;
  /** Kept until the next push; NaN when it has to be worked out. */
  private median = NaN;

  /** @param ts the device's time, epoch ms @param receivedAt epoch ms */
  push(ts: number, receivedAt: number): void {
    this.offsets ??= new Float64Array(WINDOW);
    this.offsets[this.count % WINDOW] = ts - receivedAt;
    this.count++;
    this.median = NaN;
  }

  /** Device clock minus this browser's in ms, network delay included; undefined before the first message. */
  offset(): number | undefined {
    if (this.offsets === undefined) return undefined;
    if (Number.isNaN(this.median)) {
      const sorted = this.offsets.slice(0, Math.min(this.count, WINDOW)).sort();
      const middle = sorted.length >> 1;
      const upper = sorted[middle] ?? 0;
      this.median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
    }
    return this.median;
  }

  /** The offset where it is over {@link SKEW_LIMIT} either way, else undefined. */
  skew(): number | undefined {
    const offset = this.offset();
    if (offset === undefined || Math.abs(offset) <= SKEW_LIMIT) return undefined;
    // Delay only ever makes a clock look slow; one message from the future is proof enough.
    return offset < 0 && this.count < SLOW_NEEDS ? undefined : offset;
  }
}
