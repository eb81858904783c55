import { Configs } from '../../../../src/engine/documents/configs.ts';
import { DeviceState } from '../../../../src/engine/live/device-state.ts';
import type { ConfigChange } from '../../../../src/model/config/config-change.ts';
import type { Command } from '../../../../src/model/command.ts';
import type { MessageMeta } from '../../../../src/model/convention.ts';
import { settled } from '../../../support/fake-session.ts';
import { OutboxWorld, PUMP } from '../commands/outbox-world.ts';

export const TOPIC = 'devices/pump-1/config';
/** ms: longer than a retained message may be on its way. */
export const ON_ITS_WAY = 5_001;

type Seen = Omit<Partial<MessageMeta>, 'by'> & { readonly by?: string; readonly fault?: string };

/** An outbox and one device's configuration, on a link that has just been granted its subscriptions. */
export class ConfigWorld extends OutboxWorld {
  readonly device = new DeviceState(PUMP);
  readonly changes: ConfigChange[] = [];
  delivers = true;
  retainedOnWildcards = true;
  #seen = 0;
  readonly configs = new Configs({
    clock: this.clock,
    newId: () => `seen-${++this.#seen}`,
    devices: new Map([[PUMP, this.device]]),
    own: this.outbox.commands,
    outbox: this.outbox,
    note: (change) => this.changes.push(change),
    onChange: () => {},
    delivers: () => this.delivers,
    retainedOnWildcards: () => this.retainedOnWildcards,
    topicOf: () => TOPIC,
    session: () => this.session,
  });

  constructor() {
    super();
    this.gate = (command) => this.configs.gate(command);
    this.changed = (command) => this.configs.became(command);
    this.configs.granted();
  }

  arrives(which: 'desired' | 'reported', value: unknown, { by, fault, ...meta }: Seen = {}): void {
    if (meta.retain) this.configs.heardRetained();
    const effect = { type: 'config', device: 'pump-1', which, value } as const;
    this.configs.take(
      this.device,
      { ...effect, ...(by !== undefined && { by }), ...(fault !== undefined && { fault }) },
      TOPIC,
      { retain: false, qos: 1, dup: false, receivedAt: this.clock.now(), ...meta },
    );
  }

  /** The broker's copy of what is asked. */
  stored(value: unknown): void {
    this.arrives('desired', value, { retain: true });
  }

  ask(args: unknown, base: unknown): Promise<Command> {
    return this.outbox.send({ device: PUMP, name: 'configuration', args, config: { base } });
  }

  async acknowledged(): Promise<void> {
    this.sent.at(-1)?.acknowledge();
    await settled();
  }

  /** The broker takes the last one and hands it out, to the device as to us. */
  async takenUp(): Promise<void> {
    const { args } = this.last;
    await this.acknowledged();
    this.arrives('desired', args);
  }

  get last(): Command {
    return [...this.outbox.commands.values()].at(-1)!;
  }

  /** The link is gone, and back with its subscriptions granted. */
  async loseAndComeBack(): Promise<void> {
    await this.lose();
    this.configs.down();
    this.comeBack();
    this.configs.granted();
  }
}
