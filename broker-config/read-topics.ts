import { isValidTopic } from '../src/model/topic.ts';
import type { Entry, YamlReader } from './yaml-reader.ts';

/** Reads `topics:`: where devices live and what their ids look like. */
export function readTopics(
  reader: YamlReader,
  entry: Entry,
): { root: string; idPattern: RegExp } | undefined {
  const fields = reader.fields(entry.value, 'The section "topics"', ['root', 'id'], entry.at);
  const root = reader.text(fields.get('root')?.value, 'The value of topics.root', entry.at);
  const idPattern = readIdPattern(reader, fields.get('id'));
  if (root === undefined || idPattern === undefined) return undefined;
  if (
    !isValidTopic(root) ||
    root.startsWith('$') ||
    !root.split('/').every((level) => /^[\w-]+$/.test(level))
  ) {
    reader.refuse(
      fields.get('root')?.value,
      `The root "${root}" must be one or more levels of letters, digits, "_" and "-", with no "/" at either end.`,
    );
    return undefined;
  }
  return { root, idPattern };
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
