// `npm run test:faults` and, at their full length and in real time, `npm run test:long`, which also has the soak and the kills
// and takes two hours.
import { installPrograms } from './install-programs.ts';
import { run } from './run.ts';

const long = process.argv.includes('--long');
const env = long ? { ...process.env, TELLTALE_LONG: '1' } : process.env;
const steps: readonly [command: string, args: readonly string[]][] = [
  ['node_modules/.bin/vitest', ['run', 'test/faults']],
  ['node_modules/.bin/vite', ['build', '--logLevel', 'warn']],
  ['node_modules/.bin/playwright', ['test', '-c', 'test/faults', '--reporter=list']],
  // The server is dead; a new version comes. `npm test` has them among the end-to-end tests.
  ['node_modules/.bin/playwright', ['test', '-c', 'test/e2e', '--reporter=list', 'offline', 'new-version']],
];
const longSteps: typeof steps = [
  ['node_modules/.bin/vitest', ['run', '--config=test/browser/vitest.config.ts']],
];

await installPrograms(['chromium', 'firefox-esr', 'mosquitto']);
const codes: number[] = [];
for (const [command, args] of long ? [...steps, ...longSteps] : steps) {
  codes.push(await run(command, args, env));
}
process.exitCode = codes.find((code) => code !== 0) ?? 0;
