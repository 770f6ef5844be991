import { common } from './jest.config.js';

/** What runs on the real parts people have: by `npm run test:parts` alone, and never by `npm test`. */
export default {
  ...common,
  displayName: 'parts',
  testMatch: ['<rootDir>/test/parts/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/support/database/start-test-postgres.ts',
  globalTeardown: '<rootDir>/test/support/database/stop-test-postgres.ts',
  testTimeout: 120_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/support/jest/parts-table.js'],
  workerGracefulExitTimeout: 30_000,
};
