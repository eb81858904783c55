import { Kind } from '../model/table.ts';
import { KIND_MASK, type Block } from './columns.ts';
import { extremes } from './extremes.ts';
import { Texts } from './texts.ts';

/** Chromium writes a value of 64 KB and more into a file of its own: slow to make, to read and to delete. */
const MAX_SAMPLES = 2000;

function part(block: Block, begin: number, end: number): Block {
  const t = block.t.subarray(begin, end);
  const flags = block.flags.subarray(begin, end);
  const texts = new Texts();
  let number = block.number.subarray(begin, end);
  const { min: from, max: to } = extremes(t);
  if (block.texts.length > 0) {
    const isText = (i: number) => (flags[i]! & KIND_MASK) === Kind.text;
    number = number.map((value, i) => (isText(i) ? texts.at(block.texts[value]!) : value));
  }
  return {
    series: block.series.subarray(begin, end),
    t,
    ...(block.ts && { ts: block.ts.subarray(begin, end) }),
    number,
    flags,
    texts: texts.list,
    from,
    to,
  };
}

/** Cuts a block into parts that are quick to store, in the same order and as views of it. */
export function splitBlock(block: Block): Block[] {
  const n = block.t.length;
  if (n <= MAX_SAMPLES) return [block];
  const parts: Block[] = [];
  for (let i = 0; i < n; i += MAX_SAMPLES) parts.push(part(block, i, Math.min(n, i + MAX_SAMPLES)));
  return parts;
}
