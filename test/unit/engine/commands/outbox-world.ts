import { Outbox, type ConfigGate } from '../../../../src/engine/commands/outbox.ts';
import type { Command } from '../../../../src/model/command.ts';
import type { Publish } from '../../../../src/model/convention.ts';
import type { SizeLimits } from '../../../../src/engine/connection/too-large.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeSession, settled, type Sent } from '../../../support/fake-session.ts';

export const PUMP = 'devices:pump-1';

/** An outbox with a hand on everything around it. */
export class OutboxWorld {
  readonly clock = new FakeClock();
  /** What was handed to the store, in order. */
  readonly saved: Command[] = [];
  /** What the store knows of the clock. */
  seen: number | undefined;
  session: FakeSession | undefined = new FakeSession();
  proves = true;
  forbidden = false;
  limits: SizeLimits = { packetBytes: undefined, messageBytes: undefined };
  save: (commands: readonly Command[]) => Promise<void> = async (commands) =>
    void this.saved.push(...commands);
  clockSeen: (now: number, moved: () => readonly Command[]) => Promise<void> = async (now, moved) => {
    this.saved.push(...moved());
    this.seen = now;
  };
  write: (command: Command, now: number) => readonly Publish[] = (command) => [
    {
      topic: `${command.device}/cmd`,
      payload: new TextEncoder().encode(command.id),
      qos: 1,
      retain: false,
    },
  ];
  gate: (command: Command) => ConfigGate = () => 'go';
  changed: (command: Command) => void = () => {};
  #ids = 0;
  readonly outbox: Outbox = new Outbox({
    clock: this.clock,
    newId: () => `id-${++this.#ids}`,
    by: () => 'ada',
    write: (command, now) => this.write(command, now),
    save: (commands) => this.save(commands),
    clockSeen: (now, moved) => this.clockSeen(now, moved),
    note: (command) => void this.saved.push(command),
    session: () => this.session,
    pubackProves: () => this.proves,
    limits: () => this.limits,
    forbidden: () => this.forbidden,
    configGate: (command) => this.gate(command),
    onChange: (id, isNews) => {
      const command = this.outbox.commands.get(id);
      if (isNews && command) this.changed(command);
    },
  });

  /** Sends a command that lives for `ttl` seconds. */
  send(ttl?: number, more: { confirms?: { channel: string; equals: boolean } } = {}): Promise<Command> {
    return this.outbox.send({
      device: PUMP,
      name: 'switch',
      args: { on: true },
      ...more,
      ...(ttl !== undefined && { ttl }),
    });
  }

  command(id: string): Command | undefined {
    return this.outbox.commands.get(id);
  }

  /** Everything that was handed to the current session. */
  get sent(): readonly Sent[] {
    return this.session?.sent ?? [];
  }

  /** The link is lost, as the connection tells it: first there is no session, then what it owed fails. */
  async lose(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    this.outbox.down();
    session?.sent.forEach((sent) => sent.fail());
    await settled();
  }

  /** The link is back. */
  comeBack(protocol: 4 | 5 = 5): FakeSession {
    this.session = new FakeSession(protocol);
    this.outbox.pump();
    return this.session;
  }
}
