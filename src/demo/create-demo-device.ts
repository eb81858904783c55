import type { DemoKind, DemoWorld } from './demo-device.ts';
import { checkArgs } from './check-args.ts';
import { commandDesk } from './command-desk.ts';
import { readJson } from './read-json.ts';

/** One message, to be published on `<root>/<id>/<leaf>`. */
export interface DemoMessage {
  readonly leaf: 'telemetry' | 'ack' | 'meta' | 'config/reported';
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** What a device does when its time has come. */
export interface DemoTick {
  readonly messages: readonly DemoMessage[];
  /** Milliseconds until it wants the next turn. */
  readonly nextIn: number;
  /** The link breaks now, without a goodbye, and stays down for so many milliseconds. */
  readonly dropFor?: number;
}

/** What a device does about a command or a configuration: `act` must be called `after` ms later, and gives what it then publishes. */
export interface DemoReaction {
  readonly after: number;
  act(uptime: number): readonly DemoMessage[];
}

/** A device of the fleet as whoever connects it sees it. Nothing in it throws, whatever it is given. */
export interface DemoDevice {
  /** Whether `<root>/<id>/config` is worth a subscription. */
  readonly takesConfig: boolean;
  /** What it publishes each time it has connected, after its status: meta, configuration, and a first reading. */
  introduce(uptime: number): readonly DemoMessage[];
  /** Its turn at `uptime` (ms since power-on). */
  tick(uptime: number): DemoTick;
  command(payload: Uint8Array): DemoReaction;
  /** Takes over what `config` wants, where it can, and says what is in force. */
  configure(payload: Uint8Array): DemoReaction;
}

/** Puts a kind of the shelf to work: adds what all devices have in common (meta, acks, configuration, timing). */
export function createDemoDevice(kind: DemoKind, world: DemoWorld): DemoDevice {
  const model = kind.create(world);
  const handle = commandDesk(model, world.clock);
  const qos = model.qos ?? 0;

  const telemetry = (payload: string): DemoMessage => ({ leaf: 'telemetry', payload, qos, retain: false });
  const state = (leaf: 'meta' | 'config/reported', value: unknown): DemoMessage => ({
    leaf,
    payload: JSON.stringify(value),
    qos: 1,
    retain: true,
  });

  function describe(): unknown {
    // JSON.stringify leaves out `run` and what is undefined; `takes` is the simulation's own business.
    const commands = model.commands?.map((command) => ({ ...command, takes: undefined }));
    const interval = Number((model.about?.interval ?? world.interval).toFixed(3));
    return { ...model.about, kind: kind.kind, interval, commands, config: model.config?.schema };
  }

  const reported = () =>
    model.config === undefined || model.config.silent
      ? []
      : [state('config/reported', model.config.current())];

  return {
    takesConfig: model.config !== undefined,
    introduce(uptime) {
      const meta = model.about === undefined ? [] : [state('meta', describe())];
      return [...meta, ...reported(), telemetry(JSON.stringify(model.read(uptime)))];
    },
    tick(uptime) {
      const payload = JSON.stringify(model.read(uptime));
      const messages = [telemetry(payload)];
      const mishap = model.mishap?.(uptime, payload);
      if (mishap !== undefined && 'send' in mishap) messages.push(telemetry(mishap.send));
      const nextIn = Math.max(1, (model.next?.(uptime) ?? world.interval) * 1000);
      if (mishap !== undefined && 'dropFor' in mishap)
        return { messages, nextIn, dropFor: mishap.dropFor * 1000 };
      return { messages, nextIn };
    },
    command(payload) {
      const handling = handle(payload);
      return {
        after: handling.after * 1000,
        act(uptime) {
          // Up to here the process ran as it was; the command must not reach back to the last reading.
          model.read(uptime);
          const { acted, ack } = handling.act(uptime);
          const messages = acted ? [telemetry(JSON.stringify(model.read(uptime)))] : [];
          return ack === undefined
            ? messages
            : [{ leaf: 'ack', payload: ack, qos: 1, retain: false }, ...messages];
        },
      };
    },
    configure(payload) {
      return {
        after: (model.config?.takes ?? 0) * 1000,
        act() {
          if (model.config === undefined) return [];
          // A device that cannot take over the configuration goes on with the old one, and reports that.
          const wanted = checkArgs(model.config.schema, readJson(payload));
          if (wanted.error === undefined) model.config.apply(wanted.args);
          return reported();
        },
      };
    },
  };
}
