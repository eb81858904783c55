import { isSettled, type Command } from '../../model/command.ts';
import type { Effect } from '../../model/convention.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Clock } from '../time/clock.ts';

/** As many as somebody may want to look back at; whoever publishes more pushes the oldest out. */
const KEPT = 300;
const LOOK_MS = 1_000;
/** Where the command does not say for how long it holds. */
const DEFAULT_TTL_S = 60;
const MAX_TTL_S = 7 * 86_400;
/** A message comes back from the broker sooner than this. */
const ECHO_MS = 60_000;

export interface OverheardOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** The commands of this console. */
  readonly own: ReadonlyMap<string, Command>;
  readonly onChange: (id: string) => void;
}

/**
 * Commands that other consoles send, as they are seen on their way, with the device's answers. Kept in memory only: it is
 * for whoever sent one to keep it.
 */
export class Overheard {
  readonly commands = new Map<string, Command>();
  readonly #options: OverheardOptions;
  #cancelLook: (() => void) | undefined;

  constructor(options: OverheardOptions) {
    this.#options = options;
  }

  /** A command was seen at the broker at `at`, epoch ms. */
  take(
    device: DeviceKey,
    seen: Extract<Effect, { type: 'command' }>,
    topic: string,
    bytes: number,
    at: number,
  ): void {
    if (this.#isOwn(device, seen, at)) return;
    const id = seen.id ?? this.#options.newId();
    if (this.commands.has(id)) return;
    const ttl = Math.min(seen.ttl ?? DEFAULT_TTL_S, MAX_TTL_S) * 1_000;
    // The other computer's clock may be wrong: a deadline that has passed says nothing about the answer to come.
    const told = seen.exp !== undefined && seen.exp > at && seen.exp < at + MAX_TTL_S * 1_000;
    this.commands.set(id, {
      id,
      device,
      name: seen.name ?? 'raw',
      args: seen.args ?? null,
      ...(seen.name === undefined && { raw: seen.raw ?? '' }),
      by: seen.by ?? 'unknown',
      elsewhere: true,
      topic,
      bytes,
      outcome: 'accepted',
      createdAt: at,
      sentAt: at,
      acceptedAt: at,
      deadline: told ? (seen.exp as number) : at + ttl,
      attempts: 1,
    });
    for (const oldest of this.commands.keys()) {
      if (this.commands.size <= KEPT) break;
      this.commands.delete(oldest);
    }
    this.#options.onChange(id);
    this.#look();
  }

  /** A device answered. */
  acknowledged(device: DeviceKey, ack: Extract<Effect, { type: 'ack' }>): void {
    const command = this.commands.get(ack.id);
    if (command?.device !== device || command.outcome === 'done' || command.outcome === 'failed') return;
    this.#settle(command, {
      outcome: ack.ok ? 'done' : 'failed',
      provenBy: 'ack',
      ...(ack.result !== undefined && { result: ack.result }),
      ...(ack.error !== undefined && { error: ack.error }),
    });
  }

  stop(): void {
    this.#cancelLook?.();
  }

  /** What was sent from here comes back to whoever may read commands. */
  #isOwn(device: DeviceKey, seen: Extract<Effect, { type: 'command' }>, at: number): boolean {
    const { own } = this.#options;
    if (seen.id !== undefined) return own.has(seen.id);
    if (seen.raw === undefined) return false;
    // Without an id, and under MQTT 3.1.1 without correlation data: the same text to the same device, just sent.
    for (const command of own.values()) {
      const just = command.sentAt !== undefined && at - command.sentAt < ECHO_MS;
      if (just && command.device === device && command.raw?.trim() === seen.raw) return true;
    }
    return false;
  }

  #look(): void {
    this.#cancelLook ??= this.#options.clock.after(LOOK_MS, () => {
      this.#cancelLook = undefined;
      const now = this.#options.clock.now();
      let open = false;
      for (const command of this.commands.values()) {
        if (isSettled(command.outcome)) continue;
        if (command.deadline > now) open = true;
        else this.#settle(command, { outcome: 'unanswered' });
      }
      if (open) this.#look();
    });
  }

  #settle(command: Command, change: Partial<Command>): void {
    this.commands.set(command.id, { ...command, ...change, settledAt: this.#options.clock.now() });
    this.#options.onChange(command.id);
  }
}
