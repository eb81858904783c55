import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';

/** The way to something in a roles file: keys, and indices (from 0) of lists. */
export type Path = readonly (string | number)[];

/**
 * The line (from 1) on which the thing at the end of `path` begins: its key, or its item. Where the way ends earlier, the
 * line of the last thing on it; 1 where it does not begin.
 * @param text that `parsePolicySource` accepts
 */
export function lineOf(text: string, path: Path): number {
  const lines = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter: lines }).contents;
  let at: unknown;
  for (const step of path) {
    const next = stepTo(node, step);
    if (!next) break;
    ({ at, node } = next);
  }
  const range = (at as Node | undefined)?.range;
  return range ? lines.linePos(range[0]).line : 1;
}

function stepTo(node: unknown, step: string | number): { at: unknown; node: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    return pair && { at: pair.key, node: pair.value };
  }
  if (isSeq(node) && typeof step === 'number' && step in node.items) {
    return { at: node.items[step], node: node.items[step] };
  }
  return undefined;
}
