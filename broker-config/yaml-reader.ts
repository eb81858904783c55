import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Node, Scalar } from 'yaml';
import type { Refusal } from './refusal.ts';

/** One `key: value` of a mapping. */
export interface Entry {
  readonly key: string;
  readonly at: Scalar;
  readonly value: unknown;
}

/** One text and where it stands. */
export interface Text {
  readonly text: string;
  readonly at: Node;
}

const MAX_CHARACTERS = 1_000_000;

/** Reads plain YAML (maps, lists, texts, flags) and collects what is wrong with it, each with its line. */
export class YamlReader {
  readonly refusals: Refusal[] = [];
  readonly root: unknown;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    if (text.length > MAX_CHARACTERS) {
      this.refusals.push({ line: 1, reason: 'The file is longer than a million characters.' });
      return;
    }
    const documents = parseAllDocuments(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const { errors } of documents) {
      for (const error of errors) this.#refuseAt(error.pos[0], `This is not valid YAML: ${error.message}.`);
    }
    const [first, second] = documents;
    if (second) this.#refuseAt(second.range[0], 'A second YAML document ("---") is not read here.');
    this.root = first?.contents ?? undefined;
  }

  /** Notes a reason at a node; nodes that are missing altogether count as line 1. */
  refuse(at: unknown, reason: string): void {
    const range = (at as Node | null | undefined)?.range;
    this.#refuseAt(range ? range[0] : 0, reason);
  }

  #refuseAt(offset: number, reason: string): void {
    this.refusals.push({ line: this.#lines.linePos(offset).line || 1, reason });
  }

  /** The entries of a mapping, in order; refuses anything else. `what` names it in the reason. */
  entries(node: unknown, what: string, at: unknown = node): readonly Entry[] {
    if (!isMap(node)) {
      this.refuse(node ?? at, `${what} must be a list of "key: value" lines.`);
      return [];
    }
    const entries: Entry[] = [];
    for (const { key, value } of node.items) {
      if (isScalar(key) && typeof key.value === 'string') entries.push({ key: key.value, at: key, value });
      else this.refuse(key ?? node, 'A key must be plain text; put numbers and the like in quotes.');
    }
    return entries;
  }

  /** Like {@link entries}, with every key one of `known`. */
  fields(node: unknown, what: string, known: readonly string[], at?: unknown): ReadonlyMap<string, Entry> {
    const fields = new Map<string, Entry>();
    for (const entry of this.entries(node, what, at)) {
      if (known.includes(entry.key)) fields.set(entry.key, entry);
      else this.refuse(entry.at, unknownKey(entry.key, what, known));
    }
    return fields;
  }

  /** A text; refuses anything else. */
  text(node: unknown, what: string, at: unknown = node): string | undefined {
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
    this.refuse(node ?? at, `${what} must be a text; put it in quotes if it looks like something else.`);
    return undefined;
  }

  /** The texts of a list; a missing list is empty. */
  texts(entry: Entry | undefined, what: string): readonly Text[] {
    if (!entry) return [];
    if (!isSeq(entry.value)) {
      this.refuse(entry.at, `${what} must be a list, one "- …" line each.`);
      return [];
    }
    return entry.value.items.flatMap((item) => {
      const text = this.text(item, 'Each line of this list', entry.at);
      return text === undefined ? [] : [{ text, at: item as Node }];
    });
  }

  /** `true` or `false`; a missing flag is false. */
  flag(entry: Entry | undefined): boolean {
    if (!entry) return false;
    if (isScalar(entry.value) && typeof entry.value.value === 'boolean') return entry.value.value;
    this.refuse(entry.at, `The value of "${entry.key}" must be true or false.`);
    return false;
  }
}

function unknownKey(key: string, what: string, known: readonly string[]): string {
  if (key === 'deny') {
    return 'There is no "deny" here, because a deny leaks on some brokers: list only what is allowed.';
  }
  return `${what} has no "${key}"; it knows ${known.join(', ')}.`;
}
