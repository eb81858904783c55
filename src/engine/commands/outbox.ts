import type { BatchRequest, SendRequest } from '../../engine-api/calls.ts';
import type { Publish } from '../../model/convention.ts';
import { isSettled, type Command } from '../../model/command.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import type { Clock } from '../time/clock.ts';
import { Confirmable } from './confirmable.ts';
import type { Session } from '../connection/session.ts';
import { Deadlines, type DeadlinesOptions } from './deadlines.ts';
import { draftBatch, draftCommand } from './draft-command.ts';
import { InFlight } from './in-flight.ts';
import { Pace } from '../time/pace.ts';
import { tooLarge, type SizeLimits } from '../connection/too-large.ts';

/** More than the largest batch. */
const KEPT_SETTLED = 2_500;
const STOPPED = 'Taken back before it was sent.';

export interface OutboxOptions extends Pick<DeadlinesOptions, 'clockSeen'> {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly by: () => string;
  /** Writes a command down, as at `now` (epoch ms): the difference to the deadline is what it has left. Throws one clear sentence when the device cannot be commanded that way. */
  readonly write: (command: Command, now: number) => readonly Publish[];
  /** Resolves when all of the commands are on disk; otherwise none is. */
  readonly save: (commands: readonly Command[]) => Promise<void>;
  /** Something has become of a stored command. */
  readonly note: (command: Command) => void;
  /** The live session, if any. */
  readonly session: () => Session | undefined;
  /** Whether a PUBACK on this session means that the broker took the message. */
  readonly pubackProves: (session: Session) => boolean;
  /** How large a message may be on this session, as far as anybody has said. */
  readonly limits: (session: Session) => SizeLimits;
  /** The policy document says that this topic may not be written. A hint, for the words only. */
  readonly forbidden: (topic: string) => boolean;
  /** Whether a configuration may be asked for now. */
  readonly configGate: (command: Command) => ConfigGate;
  /** `isNews` when the command is new or something else has become of it. */
  readonly onChange: (id: string, isNews: boolean) => void;
}

/**
 * What speaks for and against sending a configuration at this moment: `wait`, since what is asked for now is not known yet;
 * `there`, since an earlier attempt has arrived; or why not, in one sentence.
 */
export type ConfigGate = 'go' | 'wait' | 'there' | { readonly refused: string };

/**
 * Commands from the person's intent to the device's answer. A command is stored before it is sent, sent at least once
 * with an id by which the device drops doubles, and never sent by us after its deadline.
 */
export class Outbox {
  readonly commands = new Map<string, Command>();
  readonly #options: OutboxOptions;
  readonly #confirmable = new Confirmable();
  readonly #queued = new Set<string>();
  readonly #pace: Pace;
  #cancelPump: (() => void) | undefined;
  readonly #inFlight = new InFlight();
  readonly #deadlines: Deadlines;
  /** The highest that a command was given. */
  #lastSeq = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines({
      clock: options.clock,
      command: (id) => this.commands.get(id),
      onPassed: (command) => this.#passed(command),
      onMoved: (command) => this.#put(command),
      clockSeen: options.clockSeen,
    });
    this.#pace = new Pace(options.clock);
  }

  /** The broker has been given a command that it did not answer yet. */
  get awaitsAnswer(): boolean {
    return this.#inFlight.any;
  }

  /**
   * Takes up what an earlier page left behind. What the broker never acknowledged goes again, with the same id.
   * @param since a moment that is certainly past, epoch ms on the clock by which the deadlines were stored
   */
  restore(commands: readonly Command[], since = 0): void {
    for (const stored of commands) {
      // At QoS 0 there never is a PUBACK.
      const unacknowledged =
        stored.outcome === 'sent' && stored.pubackAt === undefined && stored.handling?.qos !== 0;
      const command = unacknowledged ? { ...stored, outcome: 'queued' as const } : stored;
      this.commands.set(command.id, command);
      this.#lastSeq = Math.max(this.#lastSeq, command.seq ?? 0);
      if (isSettled(command.outcome)) continue;
      if (command.outcome === 'queued') this.#queued.add(command.id);
      this.#confirmable.add(command);
      const handled = command.clockSet?.at ?? Math.max(command.createdAt, command.sentAt ?? 0);
      this.#deadlines.begin(command, Math.max(since, handled));
      this.#deadlines.watch(command);
    }
  }

  /** Stores the command, and sends it if there is a link. Resolves when it is stored; rejects with one sentence. */
  async send(request: SendRequest): Promise<Command> {
    const known = request.id === undefined ? undefined : this.commands.get(request.id);
    if (known) return known;
    const command = draftCommand(request, request.at ?? this.#options.clock.now(), this.#options);
    await this.#take([command]);
    return this.commands.get(command.id) ?? command;
  }

  /** As `send`, one command for each device: all are stored, and go one after the other. Resolves with the batch's id. */
  async sendMany(request: BatchRequest): Promise<string> {
    const id = request.id ?? this.#options.newId();
    for (const { batch } of this.commands.values()) if (batch?.id === id) return id;
    const commands = draftBatch(request, id, request.at ?? this.#options.clock.now(), this.#options);
    await this.#take(commands);
    return id;
  }

  /** Takes back what of a batch was not sent yet. */
  stopBatch(id: string): void {
    for (const command of this.commands.values()) {
      const waits = command.outcome === 'queued' && command.sentAt === undefined;
      if (command.batch?.id === id && waits) this.#settle(command, 'refused', { error: STOPPED });
    }
  }

  /** Takes back a command that was not sent yet. */
  cancel(id: string): void {
    const command = this.commands.get(id);
    if (!command) throw new Error('That command is not known here any more.');
    if (command.outcome !== 'queued' || command.sentAt !== undefined)
      throw new Error('The command has been sent and cannot be taken back.');
    this.#settle(command, 'refused', { error: STOPPED });
  }

  /** Sends what is queued, oldest first. Called when a command is new, when the link is live, and when one is settled. */
  pump(): void {
    const session = this.#options.session();
    if (!session) return;
    let wait = Infinity;
    for (const command of this.#inOrder()) {
      if (this.#inFlight.has(command.id) || (command.config && !this.#mayGo(command))) continue;
      const turn = this.#pace.wait(command);
      wait = turn > 0 ? Math.min(wait, turn) : wait;
      if (turn > 0) continue;
      if (!this.#inFlight.admits(command.attempts > 0)) return;
      this.#pace.goes(command);
      void this.#transmit(command, session);
    }
    this.#cancelPump?.();
    this.#cancelPump = undefined;
    if (wait < Infinity) this.#cancelPump = this.#options.clock.after(wait, () => this.pump());
  }

  /** The device answered. */
  acknowledged(
    device: DeviceKey,
    ack: { readonly id: string; readonly ok: boolean; readonly result?: unknown; readonly error?: string },
  ): void {
    const command = this.commands.get(ack.id);
    // A late answer still says what happened; a second one changes nothing.
    if (!command || command.device !== device || command.outcome === 'done' || command.outcome === 'failed')
      return;
    this.#settle(command, ack.ok ? 'done' : 'failed', {
      provenBy: 'ack',
      ...(ack.result !== undefined && { result: ack.result }),
      ...(ack.error !== undefined && { error: ack.error }),
    });
    this.pump();
  }

  /** There is a command that a sample may prove. */
  get awaitsSamples(): boolean {
    return !this.#confirmable.isEmpty;
  }

  /** Telemetry that may prove a command whose device never answers. */
  sampled(device: DeviceKey, channel: string, value: Value): void {
    for (const id of this.#confirmable.of(device)) {
      const command = this.commands.get(id);
      if (!command?.confirms || command.sentAt === undefined) continue;
      if (command.confirms.channel !== channel || command.confirms.equals !== value) continue;
      this.#settle(command, 'done', { provenBy: 'telemetry' });
      this.pump();
    }
  }

  /** The device reports the configuration that a command asked for, however late. */
  inForce(id: string): void {
    const command = this.commands.get(id);
    if (!command?.config || command.outcome === 'done') return;
    // A late report still says what happened, and takes back what an earlier one said.
    const { error: _error, ...rest } = command;
    this.commands.set(id, rest);
    this.#settle(rest, 'done', command.args === null ? {} : { provenBy: 'report' });
    this.pump();
  }

  /** The device reports something else than a command asked for; that may be its last word. */
  differs(id: string, error: string): void {
    const command = this.commands.get(id);
    if (command && !isSettled(command.outcome) && command.error !== error) this.#put({ ...command, error });
  }

  /** Something else is asked for than a command asked: it will not be in force any more. */
  superseded(id: string, error: string): void {
    const command = this.commands.get(id);
    if (command && (command.outcome === 'sent' || command.outcome === 'accepted'))
      this.#settle(command, 'failed', { error });
  }

  /** The broker has handed out what a command asks for, whatever its PUBACK is worth. */
  handedOut(id: string): void {
    const command = this.commands.get(id);
    if (command?.outcome !== 'sent') return;
    this.#put({ ...command, outcome: 'accepted', acceptedAt: this.#options.clock.now() });
  }

  /** The link is gone: what the broker had not acknowledged is sent again, or was denied by the closing. */
  down(): void {
    for (const { id, suspect, denied } of this.#inFlight.lost(this.#options.clock.now())) {
      const command = this.commands.get(id);
      if (!command) continue;
      if (denied || (suspect && this.#options.forbidden(command.topic))) {
        this.#settle(command, 'refused', {
          error: `The broker closed the connection on this command: ${command.by} may not publish on ${command.topic}.`,
        });
      } else {
        this.#put({ ...command, outcome: 'queued' });
      }
    }
  }

  /** Nothing more is sent or settled. */
  stop(): void {
    this.#cancelPump?.();
    this.#deadlines.stop();
  }

  async #take(drafts: readonly Command[]): Promise<void> {
    const commands = drafts.map((draft) => ({ ...draft, seq: ++this.#lastSeq }));
    // Counted from here on: the computer's clock may be set while they are being stored.
    for (const command of commands) this.#deadlines.begin(command, command.createdAt);
    try {
      // Stored first, so that a crash between here and the broker's answer leaves a trace; sent after.
      await this.#options.save(commands);
    } catch (error) {
      for (const { id } of commands) this.#deadlines.forget(id);
      throw error;
    }
    for (const command of commands) {
      this.#confirmable.add(command);
      this.#put(command);
      this.#deadlines.watch(command);
    }
    this.#trim();
    this.pump();
  }

  /** What is queued, oldest first. What was stored before there were numbers is older than what has one. */
  #inOrder(): readonly Command[] {
    const queued = [...this.#queued].flatMap((id) => this.commands.get(id) ?? []);
    return queued.sort(
      (a, b) =>
        (a.seq ?? 0) - (b.seq ?? 0) ||
        a.createdAt - b.createdAt ||
        (a.batch?.place ?? 0) - (b.batch?.place ?? 0),
    );
  }

  #mayGo(command: Command): boolean {
    const gate = this.#options.configGate(command);
    if (gate === 'there') {
      this.#put({ ...command, outcome: 'accepted', acceptedAt: this.#options.clock.now() });
    } else if (typeof gate === 'object') {
      this.#settle(command, 'refused', { error: gate.refused });
    }
    return gate === 'go';
  }

  async #transmit(command: Command, session: Session): Promise<void> {
    const now = this.#options.clock.now();
    const left = this.#deadlines.left(command);
    if (left <= 0) {
      this.#settle(command, command.sentAt === undefined ? 'expired' : 'unanswered');
      return;
    }
    let publishes;
    try {
      publishes = this.#options.write(command, command.deadline - left);
    } catch (error) {
      this.#settle(command, 'refused', { error: error instanceof Error ? error.message : String(error) });
      return;
    }
    const error = tooLarge(publishes, this.#options.limits(session));
    if (error !== undefined) {
      this.#settle(command, 'refused', { error });
      return;
    }
    this.#inFlight.add(command.id, now, command.attempts > 0);
    this.#put({
      ...command,
      outcome: 'sent',
      sentAt: command.sentAt ?? now,
      protocol: session.protocol,
      attempts: command.attempts + 1,
    });
    // What is asked for stands until somebody asks for something else: the broker must not drop it.
    const expiry = command.config ? undefined : left / 1_000;
    let pubacks;
    try {
      pubacks = await Promise.all(publishes.map((publish) => session.publish(publish, expiry)));
    } catch {
      // The session ended before the PUBACK: `down` decides what that means.
      return;
    }
    this.#inFlight.delete(command.id);
    // At QoS 0 it has left, and nobody says more.
    if (publishes.some(({ qos }) => qos > 0))
      this.#brokerAnswered(command.id, Math.max(...pubacks.map((puback) => puback.reasonCode)), session);
    this.pump();
  }

  #brokerAnswered(id: string, code: number, session: Session): void {
    const command = this.commands.get(id);
    // The device may have been faster than the PUBACK.
    if (!command || command.outcome !== 'sent') return;
    const now = this.#options.clock.now();
    if (code >= 0x80) {
      const why =
        code === 0x87
          ? `${command.by} may not publish on ${command.topic}`
          : `reason code 0x${code.toString(16)}`;
      this.#settle(command, 'refused', { error: `The broker refused the command: ${why}.` });
    } else if (this.#options.pubackProves(session)) {
      this.#put({ ...command, outcome: 'accepted', acceptedAt: now, pubackAt: now });
    } else {
      this.#put({ ...command, pubackAt: now });
    }
  }

  #passed(command: Command): void {
    const heard = command.config && command.error !== undefined;
    this.#settle(command, command.sentAt === undefined ? 'expired' : heard ? 'failed' : 'unanswered');
    this.pump();
  }

  #settle(command: Command, outcome: Command['outcome'], more: Partial<Command> = {}): void {
    this.#deadlines.forget(command.id);
    this.#confirmable.delete(command);
    this.#inFlight.delete(command.id);
    this.#put({
      ...(this.commands.get(command.id) ?? command),
      ...more,
      outcome,
      settledAt: this.#options.clock.now(),
    });
  }

  #put(command: Command): void {
    const before = this.commands.get(command.id)?.outcome;
    this.commands.set(command.id, command);
    if (command.outcome === 'queued') this.#queued.add(command.id);
    else this.#queued.delete(command.id);
    this.#options.onChange(command.id, command.outcome !== before);
    // The first save is awaited by `send`; later ones may be a moment late, since the id keeps a re-send harmless.
    if (before !== undefined) this.#options.note(command);
  }

  /** Settled commands are history; the map keeps the newest. */
  #trim(): void {
    if (this.commands.size <= KEPT_SETTLED) return;
    for (const [id, command] of this.commands) {
      if (this.commands.size <= KEPT_SETTLED) return;
      if (isSettled(command.outcome)) this.commands.delete(id);
    }
  }
}
