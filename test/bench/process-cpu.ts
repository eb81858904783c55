import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in these; `getconf CLK_TCK` is 100 on every platform that Chromium runs on. */
const TICKS_A_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
}

/** `undefined` when the process has ended. See proc(5) for the fields. */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may contain anything, brackets too.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid, parent: Number(fields[1]), cpu: ticks / TICKS_A_SECOND };
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The ids of `root` and everything that it started, directly or not. */
export function processTree(root: number): readonly number[] {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const tree = new Set([root]);
  for (let before = 0; before < tree.size;) {
    before = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

/** Seconds of CPU that `pid` has used; 0 when it has ended. */
export function processCpu(pid: number): number {
  return readStat(pid)?.cpu ?? 0;
}

/** Seconds of CPU that the living renderers of a browser have used. */
export function rendererCpu(browser: number): number {
  return processTree(browser)
    .filter((pid) => commandLine(pid).includes('--type=renderer'))
    .reduce((sum, pid) => sum + processCpu(pid), 0);
}
