import type { Problem } from '../engine-api/frame.ts';
import type { DeviceKey } from '../model/device.ts';

const MAX_PROBLEMS = 200;
/** The same problem is news again when it has not happened for so long. */
const NEWS_AFTER_MS = 3_600_000;

/** The newest problems, the same one counted rather than listed again. */
export class Problems {
  /** In all, since the engine began. */
  total = 0;
  /** By device and message; the one that happened last stands last. */
  #byKey = new Map<string, Problem>();
  #onChange: (news: Problem | undefined) => void;

  /** `onChange` is given a problem that is new, or comes back after an hour without it. */
  constructor(onChange: (news: Problem | undefined) => void) {
    this.#onChange = onChange;
  }

  /** Newest first. */
  list(): readonly Problem[] {
    return [...this.#byKey.values()].reverse();
  }

  add(at: number, topic: string, message: string, device?: DeviceKey): void {
    this.total++;
    const key = JSON.stringify([device ?? topic, message]);
    const before = this.#byKey.get(key);
    this.#byKey.delete(key);
    const problem: Problem = {
      at: before?.at ?? at,
      topic,
      message,
      count: (before?.count ?? 0) + 1,
      lastAt: at,
      ...(device !== undefined && { device }),
    };
    this.#byKey.set(key, problem);
    const oldest = this.#byKey.keys().next();
    if (this.#byKey.size > MAX_PROBLEMS && !oldest.done) this.#byKey.delete(oldest.value);
    this.#onChange(before === undefined || at - before.lastAt > NEWS_AFTER_MS ? problem : undefined);
  }
}
