import type { CallName, Calls } from '../../src/engine-api/calls.ts';
import type { ChannelRow, DeviceRow, Frame, SeriesId } from '../../src/engine-api/frame.ts';
import { VALUE_SOURCES } from '../../src/engine-api/frame.ts';
import { WIRE_VERSION, type FromEngine } from '../../src/engine-api/wire.ts';
import { withDescription } from '../../src/ui/live/with-description.ts';
import type { Command } from '../../src/model/command.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { AttachedPage } from '../../src/engine/feed/attached-page.ts';
import { Changes } from './changes.ts';

export interface ShownValue {
  readonly at: number;
  readonly value: number | boolean | string;
  readonly source: (typeof VALUE_SOURCES)[number];
}

/** A page without pixels: holds out its credit, merges the frames that come, and waits for what a test expects. */
export class TestPage {
  readonly devices = new Map<string, DeviceRow>();
  readonly channels = new Map<SeriesId, ChannelRow>();
  readonly values = new Map<SeriesId, ShownValue>();
  readonly commands = new Map<string, Command>();
  /** Every outcome each command was seen with, in order. */
  readonly outcomes = new Map<string, string[]>();
  readonly notices: string[] = [];
  readonly frames: Frame[] = [];
  /** The version of every message that came. */
  readonly versions: number[] = [];
  latest: Frame = {};
  /** Gives no credit back. */
  withhold = false;
  #hidden = false;
  #end: AttachedPage;
  #answers = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #changes = new Changes(() => `Link: ${JSON.stringify(this.latest.link)}`);
  #calls = 0;

  constructor(engine: Engine) {
    this.#end = engine.attach({ post: (message) => this.#receive(message) });
    this.credit();
  }

  credit(page: 'visible' | 'hidden' = this.#hidden ? 'hidden' : 'visible'): void {
    this.#end.receive({ type: 'credit', v: WIRE_VERSION, page });
  }

  /** Nobody looks at it any more. */
  hide(): void {
    this.#hidden = true;
    this.credit();
  }

  /** The browser puts it aside, or brings it back. */
  life(page: 'away' | 'back'): void {
    this.#end.receive({ type: 'life', v: WIRE_VERSION, page });
  }

  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#end.receive({ type: 'call', v: WIRE_VERSION, id, name, args });
    });
  }

  /** The device with an id, as last shown. */
  device(id: string): DeviceRow | undefined {
    return [...this.devices.values()].find((device) => device.id === id);
  }

  /** The value of a device's channel, as last shown. */
  value(id: string, channel: string): ShownValue | undefined {
    const key = this.device(id)?.key;
    const row = [...this.channels.values()].find((c) => c.device === key && c.channel === channel);
    return row && this.values.get(row.series);
  }

  /** Resolves with the first truthy answer of `look`, which is asked again after each frame. */
  until<Found>(what: string, look: () => Found | undefined | false, ms = 8_000): Promise<Found> {
    return this.#changes.until(what, look, ms);
  }

  #receive(message: FromEngine): void {
    this.versions.push(message.v);
    if (message.type === 'answer') {
      const waiting = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.ok) waiting?.resolve(message.value as never);
      else waiting?.reject(new Error(message.error));
    } else if (message.type === 'notice') {
      this.notices.push(message.text);
    } else {
      this.#apply(message.frame);
      if (!this.withhold) this.credit(this.#hidden ? 'hidden' : 'visible');
    }
    this.#changes.changed();
  }

  #apply(frame: Frame): void {
    this.frames.push(frame);
    if (frame.snapshot) {
      this.latest = {};
      for (const map of [this.devices, this.channels, this.values, this.commands]) map.clear();
    }
    this.latest = { ...this.latest, ...frame };
    for (const key of frame.removed ?? []) this.devices.delete(key);
    for (const row of frame.channels ?? []) this.channels.set(row.series, row);
    for (const row of frame.devices ?? []) {
      this.devices.set(row.key, withDescription(row, this.devices.get(row.key)));
    }
    for (const command of frame.commands ?? []) {
      this.commands.set(command.id, command);
      const outcomes = this.outcomes.get(command.id) ?? [];
      if (outcomes.at(-1) !== command.outcome) this.outcomes.set(command.id, [...outcomes, command.outcome]);
    }
    const columns = frame.values;
    if (!columns) return;
    const others = new Map(columns.other);
    columns.series.forEach((series, i) => {
      this.values.set(series, {
        at: columns.at[i] ?? NaN,
        value: others.get(i) ?? columns.number[i] ?? NaN,
        source: VALUE_SOURCES[columns.source[i] ?? 0] ?? 'stale',
      });
    });
  }
}
