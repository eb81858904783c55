import { matches } from '../../model/topic.ts';
import type { Reader } from './reader.ts';

/** Topics are foreign input: the cache may not grow with them. */
const MAX_CACHED_TOPICS = 50_000;

/** Which conventions read which topic. Dynamic: conventions learn topics from messages. */
export class Routes {
  #filters = new Map<string, Set<Reader>>();
  #cache = new Map<string, readonly Reader[]>();
  #lists: (readonly Reader[])[] = [];

  add(filter: string, reader: Reader): void {
    const readers = this.#filters.get(filter) ?? new Set();
    if (readers.has(reader)) return;
    this.#filters.set(filter, readers.add(reader));
    this.#cache.clear();
  }

  /** Answers whether nobody wants the filter any more. */
  remove(filter: string, reader: Reader): boolean {
    const readers = this.#filters.get(filter);
    if (!readers?.delete(reader)) return false;
    this.#cache.clear();
    if (readers.size > 0) return false;
    return this.#filters.delete(filter);
  }

  /** The conventions that asked for a topic, each once. */
  of(topic: string): readonly Reader[] {
    const cached = this.#cache.get(topic);
    if (cached) return cached;
    const found = new Set<Reader>();
    for (const [filter, readers] of this.#filters) {
      if (matches(filter, topic)) for (const reader of readers) found.add(reader);
    }
    if (this.#cache.size >= MAX_CACHED_TOPICS) this.#cache.clear();
    const readers = this.#shared([...found]);
    this.#cache.set(topic, readers);
    return readers;
  }

  /** The list of the same readers that other topics have: most have the same, and one list stays in the nearest memory. */
  #shared(readers: readonly Reader[]): readonly Reader[] {
    const lists = this.#lists;
    const same = lists.find((list) => list.length === readers.length && list.every((reader, i) => reader === readers[i]));
    if (same === undefined) lists.push(readers);
    return same ?? readers;
  }
}
