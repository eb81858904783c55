import { isValidTopic } from '../src/model/topic.ts';
import type { Entry, Text, YamlReader } from './yaml-reader.ts';

/** What `topics:` says. */
export interface Topics {
  readonly roots: readonly string[];
  readonly idPattern: RegExp;
}

/** Reads `topics:`: where devices live (`root`, or several as `roots`) and what their ids look like. */
export function readTopics(reader: YamlReader, entry: Entry): Topics | undefined {
  const fields = reader.fields(entry.value, 'The section "topics"', ['root', 'roots', 'id'], entry.at);
  const roots = readRoots(reader, entry, fields);
  const idPattern = readIdPattern(reader, fields.get('id'));
  return roots === undefined || idPattern === undefined ? undefined : { roots, idPattern };
}

function readRoots(
  reader: YamlReader,
  entry: Entry,
  fields: ReadonlyMap<string, Entry>,
): readonly string[] | undefined {
  const [one, many] = [fields.get('root'), fields.get('roots')];
  if (one && many) {
    reader.refuse(many.at, 'There is topics.root already: write either "root" or the list "roots".');
    return undefined;
  }
  const texts = many ? reader.texts(many, 'The list topics.roots') : readRoot(reader, one, entry);
  if (many && texts.length === 0) reader.refuse(many.at, 'The list topics.roots needs at least one root.');
  const roots: string[] = [];
  for (const { text, at } of texts) {
    const flaw = rootFlaw(text, roots);
    if (flaw !== undefined) reader.refuse(at, `The root "${text}" ${flaw}.`);
    else roots.push(text);
  }
  return roots.length === texts.length && roots.length > 0 ? roots : undefined;
}

function readRoot(reader: YamlReader, one: Entry | undefined, entry: Entry): readonly Text[] {
  const text = reader.text(one?.value, 'The value of topics.root', entry.at);
  return text === undefined ? [] : [{ text, at: (one?.value ?? entry.at) as Text['at'] }];
}

function rootFlaw(root: string, before: readonly string[]): string | undefined {
  if (!isValidTopic(root) || !root.split('/').every((level) => /^[\w-]+$/.test(level))) {
    return 'must be one or more levels of letters, digits, "_" and "-", with no "/" at either end';
  }
  if (root.split('/')[0] === 'telltale') return 'is where the page keeps what people share; choose another';
  const other = before.find((one) => `${one}/`.startsWith(`${root}/`) || `${root}/`.startsWith(`${one}/`));
  if (other === root) return 'stands twice in this list';
  return other === undefined ? undefined : `and "${other}" lie in each other; devices live under one of them`;
}

function readIdPattern(reader: YamlReader, entry: Entry | undefined): RegExp | undefined {
  if (!entry) return /^[A-Za-z0-9_-]{1,64}$/;
  const text = reader.text(entry.value, 'The value of topics.id', entry.at);
  if (text === undefined) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    reader.refuse(entry.value, `The value of topics.id is not a regular expression: "${text}".`);
    return undefined;
  }
}
