import type { Credential } from '../model/broker.ts';
import type { DemoDevice, DemoMessage, DemoReaction } from '../demo/create-demo-device.ts';
import type { Agenda } from './fleet-agenda.ts';
import type { FleetNotes } from './fleet-notes.ts';
import { openFleetLink, type FleetLink } from './fleet-link.ts';

/** ms: the first wait before connecting again, the longest, and how long a connection must last to count as good. */
const FLOOR = 500;
const CAP = 15_000;
const GOOD = 10_000;

/** What all devices of a fleet share. */
export interface FleetWorld {
  readonly broker: string;
  readonly root: string;
  readonly agenda: Agenda;
  readonly notes: FleetNotes;
  /** Monotonic ms. */
  readonly now: () => number;
  readonly gate: (enter: (leave: () => void) => void) => void;
}

export interface MemberOptions {
  readonly id: string;
  readonly device: DemoDevice;
  readonly credential?: Credential;
  /** ms from power-on to the first reading of its own; the device sends one before, when it has connected. */
  readonly phase: number;
  /** Called once, when it is connected for the first time. */
  readonly onUp: () => void;
}

/** Keeps one device connected and gives it its turns. Returns how to switch it off. */
export function startFleetMember(world: FleetWorld, options: MemberOptions): { stop(): Promise<void> } {
  const { agenda, notes, now } = world;
  const { id, device } = options;
  let link: FleetLink | undefined;
  let poweredOn: number | undefined;
  let connectedAt = -Infinity;
  let failures = 0;
  let stayAway = 0;
  let stopped = false;

  const uptime = () => now() - (poweredOn ?? now());

  function send(messages: readonly DemoMessage[]): void {
    for (const message of messages) link?.send(message);
  }

  function react({ after, act }: DemoReaction): void {
    const perform = () => send(act(uptime()));
    if (after > 0) agenda.at(now() + after, perform);
    else perform();
  }

  function turn(due: number): void {
    const { messages, nextIn, dropFor } = device.tick(due - (poweredOn ?? due));
    send(messages);
    if (dropFor !== undefined && link !== undefined) {
      stayAway = dropFor;
      link.drop();
    }
    // From when it was due and not from now, so that the values of a seed do not depend on how late a timer is. After a
    // long sleep of the machine the missed turns are left out.
    agenda.at(Math.max(due + nextIn, now() - nextIn), turn);
  }

  function connectIn(ms: number): void {
    agenda.at(now() + ms, () => world.gate(connect));
  }

  function connect(leave: () => void): void {
    if (stopped) {
      leave();
      return;
    }
    const { broker, root } = world;
    link = openFleetLink(
      { broker, root, id, credential: options.credential, takesConfig: device.takesConfig },
      {
        up() {
          leave();
          connectedAt = now();
          notes.connected(id);
          if (poweredOn === undefined) {
            poweredOn = now();
            agenda.at(poweredOn + options.phase, turn);
            send(device.introduce(0));
            options.onUp();
          } else send(device.introduce(uptime()));
        },
        received(leaf, payload) {
          react(leaf === 'cmd' ? device.command(payload) : device.configure(payload));
        },
        refused: (reason) => notes.refused(id, reason),
        failed: (error) => {
          if (!stopped) notes.unreachable(error);
        },
        down() {
          leave();
          link = undefined;
          if (stopped) return;
          failures = now() - connectedAt > GOOD ? 0 : failures + 1;
          const backoff = Math.min(CAP, FLOOR * 2 ** failures) * (0.5 + 0.5 * Math.random());
          connectIn(stayAway > 0 ? stayAway : backoff);
          stayAway = 0;
        },
      },
    );
  }

  connectIn(0);
  return {
    async stop() {
      stopped = true;
      await link?.end();
    },
  };
}
