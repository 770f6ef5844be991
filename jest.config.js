import { keepInMemory } from './test/support/jest/keep-in-memory.js';
import { swcOptions } from './test/support/jest/swc-options.js';

keepInMemory();

export const common = {
  runtime: '<rootDir>/test/support/jest/native-runtime.js',
  testEnvironment: '<rootDir>/test/support/jest/native-environment.js',
  // Of what jest loads itself: the set-up.
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions()] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data', '<rootDir>/clients/.*/(dist|node_modules)'],
};

/** Unit specs stand beside their source and need nothing; the others get a real PostgreSQL of their own. */
export default {
  // Generous: a test waits for a state, and says itself what it waited for in vain.
  testTimeout: 60_000,
  // Many real tests wait more than they compute; jest's own choice would leave a core of two idle.
  maxWorkers: 4,
  // A worker with nothing left to do still has to give back hundreds of MB, which took longer than jest's 500 ms on a
  // busy machine. One that a test left something open in does not end by itself however long it is given.
  workerGracefulExitTimeout: 30_000,
  testSequencer: '<rootDir>/jest.sequencer.js',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{src,command-line,embedded,twin}/**/*.spec.ts',
        '<rootDir>/clients/typescript/src/*.spec.ts',
        '<rootDir>/test/*.spec.ts',
      ],
    },
    {
      ...common,
      displayName: 'real',
      testMatch: ['<rootDir>/test/{integration,e2e,attack,simulation,smoke}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/database/start-test-postgres.ts',
      globalTeardown: '<rootDir>/test/support/database/stop-test-postgres.ts',
    },
  ],
};
