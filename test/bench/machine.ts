import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { findProgram } from '../support/install-programs.ts';

/** What the figures were measured on: they mean little without it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Processes that wanted a core in the last 1, 5 and 15 minutes: other people's work spoils figures, the bench's own counts too. */
  readonly load: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
}

/** The first line of what a program says about itself. */
function version(program: string, flag: string): string {
  const path = findProgram(program);
  if (path === undefined) return 'not installed';
  try {
    return (
      execFileSync(path, [flag], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      ''
    );
  } catch (error) {
    // Mosquitto says its version and ends with 3.
    return String((error as { stdout?: unknown }).stdout ?? '').split('\n')[0] ?? '';
  }
}

function packageVersion(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: loadavg(),
    versions: {
      node: process.version,
      chromium: version('chromium', '--version'),
      mosquitto: version('mosquitto', '-h'),
      nats: version('nats-server', '--version'),
      mqtt: packageVersion('mqtt'),
      svelte: packageVersion('svelte'),
    },
  };
}
