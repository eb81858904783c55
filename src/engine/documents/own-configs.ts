import type { Command } from '../../model/command.ts';
import type { DeviceKey } from '../../model/device.ts';

/** The last configuration that was sent to each device from here, and how far the broker has come with it. */
export class OwnConfigs {
  /** The commands of this console. */
  readonly #commands: ReadonlyMap<string, Command>;
  readonly #latest = new Map<DeviceKey, string>();
  /** Those that the broker has handed out: what comes after that is newer. */
  readonly #handedOut = new Set<string>();
  /** Those that the broker took on this link and has not handed out yet. */
  readonly #ahead = new Set<string>();

  constructor(commands: ReadonlyMap<string, Command>) {
    this.#commands = commands;
  }

  newest(device: DeviceKey): Command | undefined {
    const id = this.#latest.get(device);
    return id === undefined ? undefined : this.#commands.get(id);
  }

  /** Something has become of one. Answers the one before it, when it is the newest from now on. */
  became(command: Command): Command | undefined {
    const { id, outcome } = command;
    if (outcome === 'accepted' && !this.#handedOut.has(id)) this.#ahead.add(id);
    return this.remember(command);
  }

  /** One that was sent, perhaps by an earlier page. Answers as `became`. */
  remember({ device, id, sentAt, outcome }: Command): Command | undefined {
    const newest = this.newest(device);
    if (outcome === 'refused' && newest?.id === id) this.#latest.delete(device);
    const isNewer = sentAt !== undefined && newest?.id !== id && sentAt >= (newest?.sentAt ?? 0);
    if (outcome === 'refused' || !isNewer) return undefined;
    this.#latest.set(device, id);
    if (newest) this.#handedOut.delete(newest.id);
    return newest;
  }

  /** The broker has handed it out, to the device as to this console. */
  handOut(id: string): void {
    this.#handedOut.add(id);
    this.#ahead.delete(id);
  }

  wasHandedOut(id: string): boolean {
    return this.#handedOut.has(id);
  }

  /** It is what is asked by now, although that was not heard yet. */
  isAhead(id: string): boolean {
    return this.#ahead.has(id);
  }

  /** There is no link: what the broker had not handed out comes with the next one. */
  down(): void {
    this.#ahead.clear();
  }
}
