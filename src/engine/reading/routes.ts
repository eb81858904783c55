import type { TopicNotes } from '../../model/convention.ts';
import { matches } from '../../model/topic.ts';
import type { Reader } from './reader.ts';

/** Topics are foreign input: the cache may not grow with them. */
const MAX_CACHED_TOPICS = 50_000;

/** The readers of many a topic, as long as no filter is added or removed. */
class ReaderList {
  readonly readers: readonly Reader[];
  readonly since: object;

  /** @param since what the routes are known by at the time */
  constructor(readers: readonly Reader[], since: object) {
    this.readers = readers;
    this.since = since;
  }
}

/** Which conventions read which topic. Dynamic: conventions learn topics from messages. */
export class Routes {
  #filters = new Map<string, Set<Reader>>();
  #cache = new Map<string, ReaderList>();
  /** Most topics have the same readers, and one list of them stays in the nearest memory. */
  #lists: ReaderList[] = [];
  /** Another object after each change. */
  #now = {};

  add(filter: string, reader: Reader): void {
    const readers = this.#filters.get(filter) ?? new Set();
    if (readers.has(reader)) return;
    this.#filters.set(filter, readers.add(reader));
    this.#changed();
  }

  /** Answers whether nobody wants the filter any more. */
  remove(filter: string, reader: Reader): boolean {
    const readers = this.#filters.get(filter);
    if (!readers?.delete(reader)) return false;
    this.#changed();
    if (readers.size > 0) return false;
    return this.#filters.delete(filter);
  }

  /** The conventions that asked for a topic, each once. */
  of(topic: string, notes?: TopicNotes): readonly Reader[] {
    const noted = notes?.readers;
    if (noted instanceof ReaderList && noted.since === this.#now) return noted.readers;
    const list = this.#cache.get(topic) ?? this.#find(topic);
    if (notes) notes.readers = list;
    return list.readers;
  }

  #find(topic: string): ReaderList {
    const found = new Set<Reader>();
    for (const [filter, readers] of this.#filters) {
      if (matches(filter, topic)) for (const reader of readers) found.add(reader);
    }
    if (this.#cache.size >= MAX_CACHED_TOPICS) this.#cache.clear();
    const list = this.#listOf([...found]);
    this.#cache.set(topic, list);
    return list;
  }

  #listOf(found: readonly Reader[]): ReaderList {
    const same = ({ readers }: ReaderList) =>
      readers.length === found.length && readers.every((reader, i) => reader === found[i]);
    const known = this.#lists.find(same);
    if (known) return known;
    const list = new ReaderList(found, this.#now);
    this.#lists.push(list);
    return list;
  }

  #changed(): void {
    this.#cache.clear();
    this.#lists = [];
    this.#now = {};
  }
}
