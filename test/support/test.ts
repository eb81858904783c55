// `npm test`: everything, from a fresh clone. Each step runs even when one before it failed; the exit code tells.
import { mkdirSync } from 'node:fs';
import { installPrograms } from './install-programs.ts';
import { run } from './run.ts';
import { playwrightOutcome, vitestOutcome, type Outcome } from './test-reports.ts';

const results = 'test-results';
mkdirSync(results, { recursive: true });

function inTheBrowser(name: string, folder: string, report: string) {
  return {
    name,
    run: () =>
      run('node_modules/.bin/playwright', ['test', '-c', folder, '--reporter=list,json'], {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: `${process.cwd()}/${results}/${report}`,
      }),
    outcome: () => playwrightOutcome(`${results}/${report}`),
  };
}

const steps: { name: string; run: () => Promise<number>; outcome?: () => Outcome }[] = [
  { name: 'check', run: () => run('node', ['--import', 'tsx', 'test/support/check.ts']) },
  {
    name: 'unit, contract, architecture and broker tests',
    run: () =>
      run('node_modules/.bin/vitest', [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${results}/vitest.json`,
      ]),
    outcome: () => vitestOutcome(`${results}/vitest.json`),
  },
  { name: 'build', run: () => run('node_modules/.bin/vite', ['build', '--logLevel', 'warn']) },
  inTheBrowser('end to end', 'test/e2e', 'playwright.json'),
  inTheBrowser('faults', 'test/faults', 'faults.json'),
  {
    name: 'a minute at full load, and a browser that is killed',
    run: () =>
      run('node_modules/.bin/vitest', [
        'run',
        '--config=test/browser/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${results}/browser.json`,
      ]),
    outcome: () => vitestOutcome(`${results}/browser.json`),
  },
];

const PROGRAMS = [
  'chromium',
  'firefox-esr',
  'mosquitto',
  'nats-server',
  'rabbitmq-server',
  'nginx',
  'caddy',
  'openssl',
];
await installPrograms(PROGRAMS);
const total = { passed: 0, failed: 0 };
const failures: string[] = [];
const broken: string[] = [];
for (const step of steps) {
  const started = performance.now();
  console.log(`\n== ${step.name}`);
  const code = await step.run();
  console.log(
    `== ${step.name}: ${code === 0 ? 'ok' : `failed (${code})`}, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  if (code !== 0) broken.push(step.name);
  try {
    const outcome = step.outcome?.();
    total.passed += outcome?.passed ?? 0;
    total.failed += outcome?.failed ?? 0;
    failures.push(...(outcome?.failures ?? []));
  } catch {
    // No report means that the step did not get as far as a test; its exit code has said so.
    if (!broken.includes(step.name)) broken.push(`${step.name} (no report)`);
  }
}
for (const failure of failures) console.log(`\nFailed: ${failure}`);
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}.`);
console.log(`\n${total.passed} passed, ${Math.max(total.failed, broken.length)} failed`);
process.exitCode = broken.length === 0 ? 0 : 1;
