const compiled = (parser) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, ...parser },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
    module: { type: 'es6' },
  },
];

export const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': compiled(), '^.+\\.tsx$': compiled({ tsx: true }) },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};

/** Unit specs stand beside their source and need nothing; the others get a real PostgreSQL of their own. */
export default {
  // Generous: a test waits for a state, and says itself what it waited for in vain.
  testTimeout: 60_000,
  // Most real tests wait more than they compute; jest's own choice would leave a core of two idle.
  maxWorkers: 2,
  // A worker with nothing left to do still has to give back hundreds of MB, which took longer than jest's 500 ms on a
  // busy machine. One that a test left something open in does not end by itself however long it is given.
  workerGracefulExitTimeout: 30_000,
  testSequencer: '<rootDir>/jest.sequencer.js',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,command-line,embedded,twin}/**/*.spec.ts', '<rootDir>/test/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'real',
      testMatch: ['<rootDir>/test/{integration,e2e,simulation,smoke}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/database/start-test-postgres.ts',
      globalTeardown: '<rootDir>/test/support/database/stop-test-postgres.ts',
    },
  ],
};
