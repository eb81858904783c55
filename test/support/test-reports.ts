import { readFileSync } from 'node:fs';

/** What a report of a test runner says. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** A line for each test that failed: where it is, what it is called, and how its message begins. */
  readonly failures: readonly string[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly file: string;
    readonly title: string;
    readonly ok: boolean;
    readonly tests: readonly {
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

function line(file: string, title: string, message = ''): string {
  const [first = ''] = message.replaceAll(COLOURS, '').split('\n');
  return `${file}: ${title}: ${first.slice(0, 300)}`;
}

/** Reads what `vitest --reporter=json` wrote. A file that could not be collected counts as one failure. */
export function vitestOutcome(path: string): Outcome {
  const report = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(`${process.cwd()}/`, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // What is thrown outside of a test, in a hook for instance, stands with the file.
    if (failed.length === 0 && status === 'failed') return [line(file, 'the file as a whole', message)];
    return failed.map((test) => line(file, test.fullName, test.failureMessages?.[0]));
  });
  return { passed: report.numPassedTests, failed: failures.length, failures };
}

/** Reads what Playwright's `json` reporter wrote. */
export function playwrightOutcome(path: string): Outcome {
  const { stats, suites } = JSON.parse(readFileSync(path, 'utf8')) as PlaywrightSuite & {
    readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
  };
  const inSuite = (suite: PlaywrightSuite): readonly string[] => [
    ...(suite.suites ?? []).flatMap(inSuite),
    ...(suite.specs ?? [])
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) =>
        line(file, title, tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message),
      ),
  ];
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    failures: (suites ?? []).flatMap(inSuite),
  };
}
