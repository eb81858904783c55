import type { SendRequest } from '../engine-api/calls.ts';
import type { Publish } from '../model/convention.ts';
import { isSettled, type Command } from '../model/command.ts';
import type { DeviceKey } from '../model/device.ts';
import type { Value } from '../model/sample.ts';
import type { Clock } from './clock.ts';
import type { Session } from './connection/session.ts';

/** Seconds until nobody should carry out a command any more, where the person did not say. */
const DEFAULT_TTL_S = 60;
/** A socket that closes this soon after a publish, and only then, was closed because of it. */
const DENIED_WITHIN_MS = 2_000;
const MAX_ATTEMPTS = 2;
const KEPT_SETTLED = 500;

export interface OutboxOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly by: () => string;
  /** Writes a command down. Throws one clear sentence when the device cannot be commanded that way. */
  readonly write: (command: Command) => readonly Publish[];
  /** Resolves when the command is on disk. */
  readonly save: (command: Command) => Promise<void>;
  /** The live session, if any. */
  readonly session: () => Session | undefined;
  /** Whether a PUBACK on this session means that the broker took the message. */
  readonly pubackProves: (session: Session) => boolean;
  /** The policy document says that this topic may not be written. A hint, for the words only. */
  readonly forbidden: (topic: string) => boolean;
  readonly onChange: (id: string) => void;
}

/**
 * Commands from the person's intent to the device's answer. A command is stored before it is sent, sent at least once
 * with an id by which the device drops doubles, and never sent by us after its deadline.
 */
export class Outbox {
  readonly commands = new Map<string, Command>();
  readonly #options: OutboxOptions;
  readonly #confirms = new Map<string, NonNullable<SendRequest['confirms']>>();
  readonly #deadlines = new Map<string, () => void>();
  /** Given to a socket and not acknowledged by the broker: by id, when. */
  readonly #inFlight = new Map<string, number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier page left behind. */
  restore(commands: readonly Command[]): void {
    for (const command of commands) {
      this.commands.set(command.id, command);
      if (!isSettled(command.outcome)) this.#armDeadline(command);
    }
  }

  /** Stores the command, and sends it if there is a link. Resolves when it is stored. */
  async send(request: SendRequest): Promise<Command> {
    const now = this.#options.clock.now();
    const draft: Command = {
      id: this.#options.newId(),
      device: request.device,
      name: request.name,
      args: request.args,
      ...(request.raw !== undefined && { raw: request.raw }),
      by: this.#options.by(),
      topic: '',
      bytes: 0,
      outcome: 'queued',
      createdAt: now,
      deadline: now + (request.ttl ?? DEFAULT_TTL_S) * 1_000,
      attempts: 0,
    };
    const written = this.#options.write(draft)[0];
    if (!written) throw new Error('This device takes no commands.');
    const command = { ...draft, topic: written.topic, bytes: written.payload.length };
    if (request.confirms) this.#confirms.set(command.id, request.confirms);
    // Stored first, so that a crash between here and the broker's answer leaves a trace; sent after.
    await this.#options.save(command);
    this.#put(command);
    this.#trim();
    this.#armDeadline(command);
    this.pump();
    return this.commands.get(command.id) ?? command;
  }

  /** Takes back a command that was not sent yet. */
  cancel(id: string): void {
    const command = this.commands.get(id);
    if (!command) throw new Error('That command is not known here any more.');
    if (command.outcome !== 'queued' || command.sentAt !== undefined)
      throw new Error('The command has been sent and cannot be taken back.');
    this.#settle(command, 'refused', { error: 'Taken back before it was sent.' });
  }

  /** Sends what is queued, oldest first. Called when a command is new and when the link is live. */
  pump(): void {
    const session = this.#options.session();
    if (!session) return;
    for (const command of [...this.commands.values()].sort((a, b) => a.createdAt - b.createdAt)) {
      if (command.outcome === 'queued' && !this.#inFlight.has(command.id))
        void this.#transmit(command, session);
    }
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
  }

  /** Telemetry that may prove a command whose device never answers. */
  sampled(device: DeviceKey, channel: string, value: Value): void {
    if (this.#confirms.size === 0) return;
    for (const [id, confirms] of this.#confirms) {
      const command = this.commands.get(id);
      if (!command || command.device !== device || command.sentAt === undefined) continue;
      if (confirms.channel === channel && confirms.equals === value)
        this.#settle(command, 'done', { provenBy: 'telemetry' });
    }
  }

  /** The link is gone: what the broker had not acknowledged is sent again, or was denied by the closing. */
  down(): void {
    const now = this.#options.clock.now();
    for (const [id, sentAt] of this.#inFlight) {
      const command = this.commands.get(id);
      this.#inFlight.delete(id);
      if (!command || isSettled(command.outcome)) continue;
      const denied = now - sentAt < DENIED_WITHIN_MS && this.#inFlightOnly(id);
      if (denied && (this.#options.forbidden(command.topic) || command.attempts >= MAX_ATTEMPTS)) {
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
    for (const cancel of this.#deadlines.values()) cancel();
  }

  #inFlightOnly(id: string): boolean {
    return [...this.#inFlight.keys()].every((other) => other === id);
  }

  async #transmit(command: Command, session: Session): Promise<void> {
    const now = this.#options.clock.now();
    if (now >= command.deadline) {
      this.#settle(command, command.sentAt === undefined ? 'expired' : 'unanswered');
      return;
    }
    let publishes;
    try {
      publishes = this.#options.write(command);
    } catch (error) {
      this.#settle(command, 'refused', { error: error instanceof Error ? error.message : String(error) });
      return;
    }
    this.#inFlight.set(command.id, now);
    this.#put({ ...command, outcome: 'sent', sentAt: command.sentAt ?? now, attempts: command.attempts + 1 });
    try {
      const expiry = (command.deadline - now) / 1_000;
      const pubacks = await Promise.all(publishes.map((publish) => session.publish(publish, expiry)));
      this.#inFlight.delete(command.id);
      this.#brokerAnswered(command.id, Math.max(...pubacks.map((puback) => puback.reasonCode)), session);
    } catch {
      // The session ended before the PUBACK: `down` decides what that means.
    }
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

  #armDeadline(command: Command): void {
    const wait = Math.max(0, command.deadline - this.#options.clock.now());
    this.#deadlines.get(command.id)?.();
    const cancel = this.#options.clock.after(wait, () => {
      const latest = this.commands.get(command.id);
      if (!latest || isSettled(latest.outcome)) return;
      this.#settle(latest, latest.sentAt === undefined ? 'expired' : 'unanswered');
    });
    this.#deadlines.set(command.id, cancel);
  }

  #settle(command: Command, outcome: Command['outcome'], more: Partial<Command> = {}): void {
    this.#deadlines.get(command.id)?.();
    this.#deadlines.delete(command.id);
    this.#confirms.delete(command.id);
    this.#put({
      ...(this.commands.get(command.id) ?? command),
      ...more,
      outcome,
      settledAt: this.#options.clock.now(),
    });
  }

  #put(command: Command): void {
    this.commands.set(command.id, command);
    this.#options.onChange(command.id);
    // The first save is awaited by `send`; later ones may be a moment late, since the id keeps a re-send harmless.
    this.#options.save(command).catch(() => {});
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
