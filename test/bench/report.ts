import { short, type Row } from './result.ts';

/** The figures as a table in Markdown. */
export function figureTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { median, min, max } = row.value;
    const value = `**${short(median)}** (${short(min)} to ${short(max)})`;
    return `| ${row.figure} | ${row.ours} | ${row.other} | ${value} | ${row.goal} | ${row.met ? 'met' : 'not met'} |`;
  });
  return [
    '| figure | Telltale | beside it | median (min to max) | goal | |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
