import { existsSync } from 'node:fs';
import { runResult, type TestReport } from '../scripts/test-repeat/test-report.js';

const report: TestReport = {
  numPassedTests: 3,
  testResults: [
    {
      name: '/tests/a.spec.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'adds up', failureMessages: [] },
        { status: 'failed', fullName: 'is whole', failureMessages: ['waited in vain until it is'] },
      ],
    },
    { name: '/tests/b.spec.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ],
};

describe('the result of one run of all tests', () => {
  test('names each failed test and each spec that could not be run, with its message', () => {
    expect(runResult(report, '', 1)).toEqual({
      passed: 3,
      failed: 2,
      failures: [
        '/tests/a.spec.ts\nis whole\nwaited in vain until it is',
        '/tests/b.spec.ts\nno such module',
      ],
    });
  });

  test('counts a run without a report, with the end of what it printed', () => {
    expect(runResult(undefined, 'src/a.ts(1,1): error TS1005', 2)).toEqual({
      passed: 0,
      failed: 1,
      failures: ['npm test ended with 2\nsrc/a.ts(1,1): error TS1005'],
    });
  });

  test('counts a worker that had to be killed, though all tests passed', () => {
    const green = { numPassedTests: 3, testResults: [] };
    const output = 'A worker process has failed to exit gracefully and has been force exited.';
    expect(runResult(green, output, 0).failed).toBe(1);
    expect(runResult(green, '', 0)).toEqual({ passed: 3, failed: 0, failures: [] });
  });
});

test('every spec that the test sequencer puts first exists', async () => {
  const sequencer: string = '../jest.sequencer.js';
  const { LONGEST } = (await import(sequencer)) as { LONGEST: readonly string[] }; // plain JavaScript, as jest loads it
  expect(LONGEST.filter((name) => !existsSync(name))).toEqual([]);
});
