import type { ArgsSchema, Args } from './check-args.ts';
import type { ChannelDescription, CommandDescription } from '../model/device.ts';
import type { Value } from '../model/sample.ts';

/** What a device measures or reports at one moment; objects inside objects become channels joined with `.`. */
export type Telemetry = { readonly [channel: string]: Value | Telemetry };

/** What a device says about itself, retained on `meta`. */
export interface About {
  readonly name: string;
  readonly model: string;
  readonly location: string;
  /** Seconds between two readings, where it is not the interval of the world. */
  readonly interval?: number;
  readonly channels: { readonly [channel: string]: ChannelDescription };
}

/** What came of a command: `result` goes into the ack as it is, `error` is one sentence for a person. */
export type CommandAnswer =
  { readonly result?: Value | Telemetry; readonly error?: undefined } | { readonly error: string };

/** One command as `meta` describes it, and what it does. */
export interface DemoCommand extends CommandDescription {
  readonly args?: ArgsSchema;
  /** Seconds that the mechanics take before the device answers. */
  readonly takes?: number;
  /** Carries it out at `uptime` (ms). `args` have been checked against the schema. */
  run(args: Args, uptime: number): CommandAnswer;
}

/** Settings that a console may want on `config` and that the device confirms on `config/reported`. */
export interface DemoConfig {
  readonly schema: ArgsSchema;
  /** Seconds until it has taken them over. */
  readonly takes?: number;
  /** It takes them over and never says so. */
  readonly silent?: true;
  current(): Telemetry;
  /** Takes over the members that were given; they have been checked against the schema. */
  apply(wanted: Args): void;
}

/** What goes wrong on purpose: a payload that should not have been sent, or a link that breaks for some seconds. */
export type Mishap = { readonly send: string } | { readonly dropFor: number };

/** The world as one device of the fleet meets it. */
export interface DemoWorld {
  /** The 2 of `pump-2`; from 1. */
  readonly number: number;
  /** Uniform in [0, 1), seeded per device: the only source of chance. */
  readonly random: () => number;
  /** Seconds between two readings: the kind's interval at the pace of this fleet. */
  readonly interval: number;
  /** Factor on every natural time between messages; 2 is half as many messages. */
  readonly pace: number;
  /** The time of day at `uptime` (ms), in hours from 0 up to 24, for everything that follows the sun or the shift. */
  readonly hour: (uptime: number) => number;
  /** Epoch ms, for devices that have a real-time clock. */
  readonly clock: () => number;
}

/** One device at work. It is driven by `uptime` (ms since power-on, never falling) and never reads a clock by itself. */
export interface DemoModel {
  /** `undefined` for a device that knows nothing of `meta`. */
  readonly about?: About;
  /** Whether it can judge `exp`. A device without a clock goes by `ttl`, from the moment of receipt. */
  readonly hasClock: boolean;
  /** Whether it answers on `ack`. */
  readonly answers: boolean;
  /** Quality of service of its telemetry; 0 when not given. */
  readonly qos?: 0 | 1;
  readonly commands?: readonly DemoCommand[];
  readonly config?: DemoConfig;
  /** Moves the process to `uptime` and reads the sensors. Any step, from 0 to hours, must be stable. */
  read(uptime: number): Telemetry;
  /** Seconds until the next reading, for devices that speak when something happens. */
  next?(uptime: number): number;
  mishap?(uptime: number, payload: string): Mishap | undefined;
  /** Takes any JSON that is not a command of the contract. */
  raw?(json: unknown): void;
}

/** One entry of the shelf `src/demo/devices/`. */
export interface DemoKind {
  /** `[a-z]+`: the name of the file, of its export, and the first part of every id. */
  readonly kind: string;
  /** Seconds between two readings, on average. */
  readonly interval: number;
  create(world: DemoWorld): DemoModel;
}
