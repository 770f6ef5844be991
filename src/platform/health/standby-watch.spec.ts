import { asynchronyOf } from './standby-watch.js';

describe('whether a commit survives the primary', () => {
  it.each([
    [0, '', 'on', undefined],
    [0, '', 'off', undefined],
    [1, '*', 'on', undefined],
    [2, 'ANY 1 (a, b)', 'remote_write', undefined],
    [1, '*', 'remote_apply', undefined],
    [1, '', 'on', 'synchronous_standby_names is empty'],
    [1, '*', 'local', 'synchronous_commit is local'],
    [1, '*', 'off', 'synchronous_commit is off'],
  ])('%i standbys, names "%s", commit %s', (standbys, synchronousStandbyNames, synchronousCommit, reason) => {
    expect(asynchronyOf({ standbys, synchronousStandbyNames, synchronousCommit })).toBe(reason);
  });
});
