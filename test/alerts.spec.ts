import { spawnSync } from 'node:child_process';
import { describeWithPart } from './support/parts/describe-with-part.js';

jest.setTimeout(180_000);

describeWithPart('promtool', 'ops/alerts.yml', () => {
  it.each([
    ['its form', ['check', 'rules', 'ops/alerts.yml']],
    ['what fires in each scenario, and what does not', ['test', 'rules', 'ops/alerts.test.yml']],
  ])('is right: %s', (_what, args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  });
});
