// `npm run test:long`: the fault tests at their full length, in real time. About half an hour.
import { installPrograms } from './install-programs.ts';
import { run } from './run.ts';

await installPrograms(['mosquitto']);
process.exitCode = await run('node_modules/.bin/vitest', ['run', 'test/faults'], {
  ...process.env,
  TELLTALE_LONG: '1',
});
