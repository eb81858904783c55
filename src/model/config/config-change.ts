import type { Outcome } from '../command.ts';
import type { DeviceKey } from '../device.ts';

/** A configuration as it was last received, desired or reported. */
export interface ConfigSeen {
  readonly value: unknown;
  /** Receive time, epoch ms. */
  readonly at: number;
  /** `retained`: the broker's copy, which is older than its receipt; `history`: remembered by this browser. */
  readonly source: 'live' | 'retained' | 'history';
  readonly topic: string;
  /** Who asked for it, as their console says under MQTT 5; nobody has checked it. */
  readonly by?: string;
  /** Why it cannot be read, in one sentence; then `value` says nothing. */
  readonly fault?: string;
}

/** Desired and reported configuration of a device. */
export interface DeviceConfig {
  readonly desired?: ConfigSeen;
  readonly reported?: ConfigSeen;
}

/** One change of what is asked of a device, as this browser knows it. */
export interface ConfigChange {
  readonly device: DeviceKey;
  /** When it was made here or seen, epoch ms. */
  readonly at: number;
  /** That of the command, where it was made here. */
  readonly id: string;
  /** `away`: it was found changed after a time in which nobody here listened. */
  readonly origin: 'here' | 'elsewhere' | 'away';
  readonly by?: string;
  /** `null`: nothing is asked for; missing: too large to be kept. */
  readonly from?: unknown;
  readonly to?: unknown;
  /** What became of it, where it was made here. */
  readonly outcome?: Outcome;
  readonly error?: string;
}
