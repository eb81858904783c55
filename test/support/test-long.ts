// `npm run test:long`: the fault tests, the soak and the kills at their full length, in real time. About an hour.
import { installPrograms } from './install-programs.ts';
import { run } from './run.ts';

const env = { ...process.env, TELLTALE_LONG: '1' };
const steps: readonly [command: string, args: readonly string[]][] = [
  ['node_modules/.bin/vitest', ['run', 'test/faults']],
  ['node_modules/.bin/vite', ['build', '--logLevel', 'warn']],
  ['node_modules/.bin/vitest', ['run', '--config=test/browser/vitest.config.ts']],
];

await installPrograms(['chromium', 'mosquitto']);
const codes: number[] = [];
for (const [command, args] of steps) codes.push(await run(command, args, env));
process.exitCode = codes.find((code) => code !== 0) ?? 0;
