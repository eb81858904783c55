import { isSettled, type Command } from '../../model/command.ts';
import type { ConfigChange, ConfigSeen } from '../../model/config/config-change.ts';
import { changesText, keepsText } from '../../model/config/difference-text.ts';
import { differencesBetween } from '../../model/config/differences.ts';
import { holdsNotShown, keepable, withoutSecrets } from '../../model/config/keepable.ts';
import { sameJson } from '../../model/config/same-json.ts';
import { unmet } from '../../model/config/unmet.ts';
import type { Effect, MessageMeta } from '../../model/convention.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Clock } from '../time/clock.ts';
import type { DeviceState } from '../live/device-state.ts';
import type { ConfigGate } from '../commands/outbox.ts';
import type { Session } from '../connection/session.ts';
import { askForRetained } from './ask-for-retained.ts';
import { OwnConfigs } from './own-configs.ts';
import { RetainedWait } from '../reading/retained-wait.ts';

type ConfigEffect = Extract<Effect, { type: 'config' }>;
type Which = ConfigEffect['which'];

const INCOMPLETE =
  'Not sent: it has a value that is not kept in this browser, such as a password. Fill it in again.';

export interface ConfigsOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly devices: ReadonlyMap<DeviceKey, DeviceState>;
  /** The commands of this console. */
  readonly own: ReadonlyMap<string, Command>;
  readonly outbox: {
    pump(): void;
    inForce(id: string): void;
    differs(id: string, error: string): void;
    handedOut(id: string): void;
    superseded(id: string, error: string): void;
  };
  readonly note: (change: ConfigChange) => void;
  /** What is asked of a device, or what it reports, is another now. */
  readonly onChange: (device: DeviceState) => void;
  /** Whether all that is published on a topic comes to this sign-in. */
  readonly delivers: (topic: string) => boolean;
  /** Whether the broker hands out what it keeps where it is asked for by wildcards. */
  readonly retainedOnWildcards: () => boolean;
  /** Where a configuration goes. */
  readonly topicOf: (command: Command) => string | undefined;
  /** The live session, if any. */
  readonly session: () => Session | undefined;
}

/**
 * What is asked of each device and what it reports.
 *
 * A configuration goes as a command does: stored first, sent after, with its outcome, and it may wait for a link. MQTT has no
 * compare-and-set, and a retained message replaces the last one whole, so what waits could undo what somebody asked for
 * meanwhile. Hence the gate at the moment of sending: what is asked for now, as the broker has said on this very link, must
 * be what the person began from; otherwise it is refused and the person decides. The same gate makes sending again after a
 * lost PUBACK harmless: either it has arrived or nothing has. What is left is a message that crosses ours between the broker
 * and here; the later one stands, is seen here, and is shown as the change of somebody else that it is.
 * The other road, to send only while live, would lose what a person decided in front of a machine with bad reception. To read
 * the topic anew by a SUBSCRIBE before each publish narrows the gap by less than a round trip, and is another message.
 */
export class Configs {
  readonly #options: ConfigsOptions;
  /** The broker has handed out something retained: one of which little is known may not, for many topics at once. */
  #handsOut = false;
  /** The devices whose topic was asked for by itself on this link; `true` once all has come. */
  #askedFor = new Map<DeviceKey, boolean>();
  readonly #own: OwnConfigs;
  readonly #retained: RetainedWait;

  constructor(options: ConfigsOptions) {
    this.#options = options;
    this.#own = new OwnConfigs(options.own);
    this.#retained = new RetainedWait(options.clock, () => this.#settle());
  }

  /** A retained message came, of whatever kind. */
  heardRetained(): void {
    this.#handsOut = true;
  }

  /** The subscriptions were granted on a new link: what is retained comes again, or was cleared while nobody listened. */
  granted(): void {
    this.#retained.begin();
  }

  /** There is no link: what was heard holds only when the next one says it again. */
  down(): void {
    this.#retained.end();
    this.#own.down();
    this.#askedFor = new Map();
    for (const device of this.#options.devices.values()) device.configHeard.clear();
  }

  /** A configuration, desired or reported, has come. */
  take(device: DeviceState, effect: ConfigEffect, topic: string, meta: MessageMeta): void {
    const { which, value, by, fault } = effect;
    const isThere = value !== null || fault !== undefined;
    const seen: ConfigSeen | undefined = isThere
      ? {
          value,
          at: meta.receivedAt,
          source: meta.retain ? 'retained' : 'live',
          topic,
          ...(by !== undefined && { by }),
          ...(fault !== undefined && { fault }),
        }
      : undefined;
    const known = device.configHeard.has(which) || device.config[which] !== undefined;
    const before = device.config[which];
    device.configHeard.add(which);
    this.#put(device, which, seen);
    if (which === 'reported') this.#compare(device);
    else {
      this.#asked(device, before, effect, known, meta);
      this.#options.outbox.pump();
    }
  }

  /** What speaks for and against sending it now. */
  gate(command: Command): ConfigGate {
    const { id, device: key, config, args, attempts } = command;
    if (holdsNotShown(args)) return { refused: INCOMPLETE };
    const device = this.#options.devices.get(key);
    if (!device?.configHeard.has('desired') && !this.#allCame(command)) return 'wait';
    const own = this.#own.newest(key);
    const isOther = own !== undefined && own.id !== id;
    if (isOther && own.outcome === 'sent' && own.pubackAt === undefined) return 'wait';
    // What the broker took from here and has not handed out yet is what is asked by now.
    const isAhead = isOther && this.#own.isAhead(own.id) && device?.configHeard.has('desired');
    const asked = (isAhead ? own.args : device?.config.desired?.value) ?? null;
    if (attempts > 0 && sameJson(asked, args)) return 'there';
    const base = config?.base ?? null;
    if (sameJson(asked, base)) return 'go';
    const [from, to] = [base, asked].map((one) => withoutSecrets(one ?? {}, schemaOf(device)));
    const changes = changesText(differencesBetween(from, to)) || 'what is not shown';
    return {
      refused: `Not sent: somebody else changed what is asked of the device meanwhile (${changes}). Look at both on its page and choose.`,
    };
  }

  /** Takes up what an earlier page sent. */
  restore(commands: Iterable<Command>): void {
    for (const command of commands) if (command.config) this.#own.remember(command);
  }

  /** Something has become of a command that asks for a configuration. */
  became(command: Command): void {
    const before = this.#own.became(command);
    if (before)
      this.#options.outbox.superseded(before.id, 'Something else was asked for before it was in force.');
    const device = this.#options.devices.get(command.device);
    const kept = this.#withoutSecrets(command);
    this.#options.note({
      device: command.device,
      at: command.createdAt,
      id: command.id,
      origin: 'here',
      by: command.by,
      from: kept.config?.base,
      to: kept.args,
      outcome: command.outcome,
      ...(command.error !== undefined && { error: command.error }),
    });
    if (command.outcome !== 'accepted') return;
    // Nothing is reported of what is not asked for any more: that the broker has it is all there is to know.
    if (command.args === null) this.#options.outbox.inForce(command.id);
    else if (device) this.#compare(device);
  }

  /** A command as it may be stored: without secrets when nothing more of it is to be sent. */
  toKeep(command: Command): Command {
    return command.config && isSettled(command.outcome) ? this.#withoutSecrets(command) : command;
  }

  stop(): void {
    this.#retained.end();
  }

  /** What is asked for now has come, if anything is: from a broker that keeps it back, once its topic was asked for. */
  #allCame(command: Command): boolean {
    const { devices, retainedOnWildcards, topicOf, delivers, outbox, clock, session } = this.#options;
    if (!this.#retained.isOver) return false;
    const topic = retainedOnWildcards() ? undefined : topicOf(command);
    // A broker may end the connection over a topic that is not for this sign-in.
    if (topic === undefined || !delivers(topic)) return true;
    const askedFor = this.#askedFor;
    const { device: key } = command;
    const state = askedFor.get(key);
    if (state !== undefined) return state;
    askedFor.set(key, false);
    void askForRetained(topic, clock, session).then((came) => {
      if (askedFor !== this.#askedFor) return;
      if (!came) {
        // The link was in doubt meanwhile: it is asked for again when the command is looked at next.
        askedFor.delete(key);
        return;
      }
      askedFor.set(key, true);
      const device = devices.get(key);
      if (device && !device.configHeard.has('desired')) this.#gone(device, 'desired');
      outbox.pump();
    });
    return false;
  }

  /** Something is not there any more, which was there when somebody here listened last. */
  #gone(device: DeviceState, which: Which): void {
    const before = device.config[which];
    if (!before) return;
    this.#put(device, which, undefined);
    if (which === 'desired') this.#note(device, 'away', this.#options.clock.now(), before.value, null);
  }

  #withoutSecrets(command: Command): Command {
    const schema = schemaOf(this.#options.devices.get(command.device));
    const base = keepable(command.config?.base ?? null, schema);
    return { ...command, args: keepable(command.args, schema), config: { base } };
  }

  #settle(): void {
    const { devices, outbox, delivers, retainedOnWildcards } = this.#options;
    for (const device of this.#handsOut && retainedOnWildcards() ? devices.values() : []) {
      for (const which of ['desired', 'reported'] as const) {
        const before = device.config[which];
        if (before && !device.configHeard.has(which) && delivers(before.topic)) this.#gone(device, which);
      }
    }
    outbox.pump();
  }

  #put(device: DeviceState, which: Which, seen: ConfigSeen | undefined): void {
    const { [which]: _before, ...other } = device.config;
    device.config = seen ? { ...other, [which]: seen } : other;
    this.#options.onChange(device);
  }

  /** Something is asked of the device: by this console, or by somebody else. */
  #asked(
    device: DeviceState,
    before: ConfigSeen | undefined,
    { value, by }: ConfigEffect,
    known: boolean,
    { retain, queued, receivedAt }: MessageMeta,
  ): void {
    const own = this.#own.newest(device.key);
    if (own && !this.#own.wasHandedOut(own.id) && sameJson(own.args, value)) {
      this.#own.handOut(own.id);
      this.#options.outbox.handedOut(own.id);
      this.#compare(device);
      return;
    }
    // A retained copy at first sight is no change: it was so before anybody looked.
    if (!known && retain) return;
    const from = before?.value ?? null;
    // What this browser remembers lacks what may not be kept.
    if (sameJson(keepable(from, schemaOf(device)), keepable(value, schemaOf(device)))) return;
    this.#note(device, retain || queued ? 'away' : 'elsewhere', receivedAt, from, value, by);
    // One that came before ours has crossed it on the way: then ours stands.
    if (own && this.#own.wasHandedOut(own.id))
      this.#options.outbox.superseded(
        own.id,
        'Somebody else asked for something else before it was in force.',
      );
  }

  #note(
    device: DeviceState,
    origin: ConfigChange['origin'],
    at: number,
    from: unknown,
    to: unknown,
    by?: string,
  ): void {
    this.#options.note({
      device: device.key,
      at,
      id: this.#options.newId(),
      origin,
      from: keepable(from, schemaOf(device)),
      to: keepable(to, schemaOf(device)),
      ...(by !== undefined && { by }),
    });
  }

  /** Holds what the device reports against what it was last asked from here. */
  #compare(device: DeviceState): void {
    const command = this.#own.newest(device.key);
    const { desired, reported } = device.config;
    // What is reported answers what is asked now, which may be somebody else's.
    if (device.configHeard.has('desired') && !sameJson(desired?.value ?? null, command?.args)) return;
    if (!command || command.args === null || !reported || reported.fault !== undefined) return;
    const missing = unmet(command.args, reported.value, schemaOf(device));
    if (missing.length === 0) this.#options.outbox.inForce(command.id);
    // A report of before it was asked says nothing about it.
    else if (reported.source === 'live' && reported.at >= (command.sentAt ?? Infinity))
      this.#options.outbox.differs(command.id, keepsText(missing));
  }
}

function schemaOf(device: DeviceState | undefined) {
  return device?.configSchema;
}
