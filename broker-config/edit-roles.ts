import { isMap, parseDocument, stringify } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { PrincipalSource } from './policy-source.ts';

/**
 * The text of a roles file with one more line under `principals`. Everything else stays as it is, letter for letter; only
 * where the principals stand in one line, `{a: x, b: y}`, the whole file is written anew (comments are kept).
 * @param text that `parsePolicySource` accepts
 */
export function withPrincipal(text: string, { username, role, id }: PrincipalSource): string {
  const own = id === undefined || id === username;
  const { document, principals } = read(text);
  const last = principals.items.at(-1);
  if (principals.flow || !last) {
    document.setIn(['principals', username], own ? role : { role, id });
    return document.toString({ lineWidth: 0 });
  }
  const [lineStart, lineEnd] = lines(text, last);
  const indent = /^\s*/.exec(text.slice(lineStart))?.[0] ?? '';
  const before = text.slice(0, lineEnd);
  const value = own ? plain(role) : `{ role: ${plain(role)}, id: ${plain(id)} }`;
  const line = `${indent}${plain(username)}: ${value}\n`;
  return `${before}${before.endsWith('\n') ? '' : '\n'}${line}${text.slice(lineEnd)}`;
}

/** The text of a roles file without the lines of one principal, which has to be there. */
export function withoutPrincipal(text: string, username: string): string {
  const { document, principals } = read(text);
  const pair = principals.items.find(({ key }) => nameOf(key) === username);
  if (!pair) throw new Error(`There is no principal "${username}".`);
  if (principals.flow) {
    document.deleteIn(['principals', username]);
    return document.toString({ lineWidth: 0 });
  }
  const [start, end] = lines(text, pair);
  return text.slice(0, start) + text.slice(end);
}

function read(text: string) {
  const document = parseDocument(text);
  const principals = document.get('principals');
  if (!isMap(principals)) throw new Error('The roles file has no principals.');
  return { document, principals: principals as YAMLMap };
}

/** A word in quotes where YAML would read it as a number or a flag. */
function plain(word: string): string {
  return stringify(word).trim();
}

function nameOf(key: unknown): string {
  return String((key as { value?: unknown }).value);
}

/** From the beginning of the line of a pair's key to the end of the line on which its value ends. */
function lines(text: string, { key, value }: Pair): readonly [number, number] {
  const from = (key as Node).range?.[0] ?? 0;
  const to = (value as Node).range?.[1] ?? from;
  const last = text.slice(0, to).trimEnd().length;
  const end = text.indexOf('\n', last);
  return [text.lastIndexOf('\n', from) + 1, end < 0 ? text.length : end + 1];
}
