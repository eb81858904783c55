// `npm run check`: formatting, lint, and the types of every room with nothing but that room's own globals.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runQuietly } from './run.ts';

const bin = (name: string) => `node_modules/.bin/${name}`;
const rooms = [
  'src/model',
  'src/conventions',
  'src/engine-api',
  'src/storage',
  'src/demo',
  'src/engine',
  'src/sw',
  'src/node',
  'broker-config',
  'broker-config/targets',
  'test',
].filter((room) => existsSync(`${room}/tsconfig.json`));

const checks: [name: string, command: string, args: string[]][] = [
  ['lint', bin('eslint'), ['-c', 'test/eslint.config.js', '.']],
  [
    'types of src/ui',
    bin('svelte-check'),
    ['--tsconfig', 'src/ui/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  [
    'formatting',
    bin('prettier'),
    [
      '--check',
      '--log-level',
      'warn',
      'src',
      'test',
      'broker-config',
      '!broker-config/generated',
      'vite.config.ts',
      'package.json',
    ],
  ],
  ...rooms.map((room): [string, string, string[]] => [`types of ${room}`, bin('tsc'), ['-p', room]]),
];

let failed = 0;
async function worker(): Promise<void> {
  for (let next = checks.shift(); next; next = checks.shift()) {
    const [name, command, args] = next;
    const started = performance.now();
    const { code, output } = await runQuietly(command, args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (code !== 0) {
      failed++;
      console.log(output);
    }
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
process.exitCode = failed === 0 ? 0 : 1;
