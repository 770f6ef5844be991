/** The result of one run of all tests. */
export interface RunResult {
  readonly passed: number;
  readonly failed: number;
  /** Each failure with its message, as it is printed. */
  readonly failures: readonly string[];
}

/** The part of jest's JSON report that is read here. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly SpecReport[];
}

interface SpecReport {
  readonly name: string;
  /** For a spec that could not be run at all. */
  readonly message: string;
  readonly status: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

/** Jest kills a worker that does not end by itself, prints this, and does not count it as a failure. */
const LEAK = 'failed to exit gracefully';

/**
 * @param report undefined when the run ended without one, because the build failed or jest was killed
 * @param output everything the run printed
 */
export function runResult(report: TestReport | undefined, output: string, exitCode: number): RunResult {
  const failures = report === undefined ? [] : report.testResults.flatMap(failuresOf);
  if (output.includes(LEAK)) failures.push(`a worker process ${LEAK}: something was left running`);
  if (exitCode !== 0 && failures.length === 0) {
    failures.push(`npm test ended with ${exitCode}\n${output.trim().split('\n').slice(-40).join('\n')}`);
  }
  return { passed: report?.numPassedTests ?? 0, failed: failures.length, failures };
}

function failuresOf({ name, status, message, assertionResults }: SpecReport): string[] {
  const failed = assertionResults.filter((one) => one.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [`${name}\n${message}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${name}\n${fullName}\n${(failureMessages ?? []).join('\n')}`,
  );
}
