// `npm test`: everything, from a fresh clone. Each step runs even when one before it failed; the exit code tells.
import { mkdirSync, readFileSync } from 'node:fs';
import { installPrograms } from './install-programs.ts';
import { run } from './run.ts';

interface Counts {
  passed: number;
  failed: number;
}

const results = 'test-results';
mkdirSync(results, { recursive: true });

function vitestCounts(name: string): Counts {
  const report = JSON.parse(readFileSync(`${results}/${name}`, 'utf8'));
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numFailedTestSuites };
}

function playwrightCounts(report: string): Counts {
  const { stats } = JSON.parse(readFileSync(`${results}/${report}`, 'utf8'));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
}

function inTheBrowser(name: string, folder: string, report: string) {
  return {
    name,
    run: () =>
      run('node_modules/.bin/playwright', ['test', '-c', folder, '--reporter=list,json'], {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: `${process.cwd()}/${results}/${report}`,
      }),
    counts: () => playwrightCounts(report),
  };
}

const steps: { name: string; run: () => Promise<number>; counts?: () => Counts }[] = [
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
    counts: () => vitestCounts('vitest.json'),
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
    counts: () => vitestCounts('browser.json'),
  },
];

const PROGRAMS = [
  'chromium',
  'firefox-esr',
  'mosquitto',
  'nats-server',
  'rabbitmq-server',
  'nginx',
  'openssl',
];
await installPrograms(PROGRAMS);
const total: Counts = { passed: 0, failed: 0 };
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
    const counts = step.counts?.();
    total.passed += counts?.passed ?? 0;
    total.failed += counts?.failed ?? 0;
  } catch {
    // No report means that the step did not get as far as a test; its exit code has said so.
    if (!broken.includes(step.name)) broken.push(`${step.name} (no report)`);
  }
}
if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}.`);
console.log(`\n${total.passed} passed, ${Math.max(total.failed, broken.length)} failed`);
process.exitCode = broken.length === 0 ? 0 : 1;
