import type { Marks } from '../../src/engine/live/live-state.ts';
import type { DeviceKey } from '../../src/model/device.ts';

/** Remembers what was marked as changed since it was last asked. */
export class RecordedMarks implements Marks {
  #marks: string[] = [];

  device(key: DeviceKey): void {
    this.#marks.push(`device ${key}`);
  }

  seen(key: DeviceKey): void {
    this.#marks.push(`seen ${key}`);
  }

  described(key: DeviceKey): void {
    this.#marks.push(`described ${key}`);
  }

  channel(series: number): void {
    this.#marks.push(`channel ${series}`);
  }

  values(device: DeviceKey): void {
    this.#marks.push(`values ${device}`);
  }

  removed(key: DeviceKey): void {
    this.#marks.push(`removed ${key}`);
  }

  /** Each mark once, in the order in which it was first made. */
  take(): readonly string[] {
    const marks = [...new Set(this.#marks)];
    this.#marks = [];
    return marks;
  }
}
