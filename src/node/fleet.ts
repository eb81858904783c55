import { setTimeout } from 'node:timers/promises';
import type { Credential } from '../model/broker.ts';
import type { DemoKind } from '../demo/demo-device.ts';
import { createDemoDevice } from '../demo/create-demo-device.ts';
import { kindOfId } from '../demo/fleet-ids.ts';
import { seededRandom } from '../demo/seeded-random.ts';
import { createAgenda } from './fleet-agenda.ts';
import { createFleetGate } from './fleet-gate.ts';
import { startFleetMember } from './fleet-member.ts';
import { createFleetNotes } from './fleet-notes.ts';

/** Devices in the middle of connecting at a time: a thousand at once would fill the broker's backlog. */
const CONNECTING = 20;
/** ms for all goodbyes; whoever started the fleet waits two seconds. */
const GOODBYE = 1_500;
/** The hour at which every seeded fleet begins. */
const SEEDED_HOUR = 8;

export interface FleetOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly broker: string;
  readonly root: string;
  /** Made by `fleetIds`. */
  readonly ids: readonly string[];
  readonly shelf: ReadonlyMap<string, DemoKind>;
  /** Messages a second of the whole fleet; each kind's own pace when not given. */
  readonly rate?: number;
  /** The same seed gives the same values. */
  readonly seed?: number;
  /** By id; without it the devices connect without a sign-in. */
  readonly credentials?: ReadonlyMap<string, Credential>;
  /** Takes one line for a person. */
  readonly report: (line: string) => void;
}

export interface Fleet {
  /** Resolves when every device has been connected. */
  readonly ready: Promise<void>;
  /** Lets every device say goodbye, for at most a second and a half. */
  stop(): Promise<void>;
}

/** Puts a fleet on a broker. It keeps trying where the broker is away. */
export function startFleet(options: FleetOptions): Fleet {
  const { broker, root, ids, shelf, seed, rate } = options;
  const now = () => performance.now();
  const agenda = createAgenda(now);
  const notes = createFleetNotes(broker, options.report);
  const world = { broker, root, agenda, notes, now, gate: createFleetGate(CONNECTING) };

  const chosen = seed ?? Math.floor(Math.random() * 2 ** 32);
  const date = new Date();
  const startHour = seed === undefined ? date.getHours() + date.getMinutes() / 60 : SEEDED_HOUR;
  const kinds = ids.map((id) => {
    const kind = shelf.get(kindOfId(id).kind);
    if (kind === undefined) throw new Error(`No demo device on the shelf makes ${id}.`);
    return kind;
  });
  const natural = kinds.reduce((sum, kind) => sum + 1 / kind.interval, 0);
  const pace = rate === undefined ? 1 : natural / rate;

  let up: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (up = resolve));
  let missing = ids.length;

  const members = ids.map((id, i) => {
    const kind = kinds[i]!;
    const interval = kind.interval * pace;
    const device = createDemoDevice(kind, {
      number: kindOfId(id).number,
      random: seededRandom(chosen, id),
      interval,
      pace,
      hour: (uptime) => (startHour + uptime / 3_600_000) % 24,
      clock: Date.now,
    });
    return startFleetMember(world, {
      id,
      device,
      credential: options.credentials?.get(id),
      phase: seededRandom(chosen, `${id} phase`)() * interval * 1000,
      onUp: () => {
        missing--;
        if (missing === 0) up();
      },
    });
  });

  return {
    ready,
    async stop() {
      agenda.stop();
      const goodbyes = Promise.all(members.map((member) => member.stop()));
      await Promise.race([goodbyes, setTimeout(GOODBYE, undefined, { ref: false })]);
    },
  };
}
