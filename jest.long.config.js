import { common } from './jest.config.js';

/** Long searches, each by a command of its own; `npm test` makes a fixed share of every one of them. */
export default {
  ...common,
  displayName: 'long',
  testMatch: ['<rootDir>/test/long/**/*.spec.ts'],
  // One examination after the other waits here while its neighbours are at it.
  testTimeout: 120_000,
  maxWorkers: 2,
};
