import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPart } from './support/parts/describe-with-part.js';

jest.setTimeout(180_000);

describeWithPart('promtool', 'ops/alerts.yml', () => {
  it.each([
    ['its form', ['check', 'rules', 'ops/alerts.yml']],
    ['what fires in each scenario, and what does not', ['test', 'rules', 'ops/alerts.test.yml']],
  ])('is right: %s', (_what, args) => {
    expect(promtool(args)).toBe('');
  });

  it('is scraped in Kubernetes under the job name that its queries use, as docs/deploy.md configures it', () => {
    const [, config = ''] =
      /```yaml\n(scrape_configs:.*?)```/s.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
    const [, job] = /job_name: (\S+)/.exec(config) ?? [];
    expect(readFileSync('ops/alerts.yml', 'utf8').match(/job="[^"]*"/g)).toEqual(
      expect.arrayContaining([`job="${job}"`]),
    );
    const folder = mkdtempSync(join(tmpdir(), 'scrapes-'));
    // Debian's Prometheus lacks the discovery of pods; its targets go through the same relabelling.
    const known = config.replace(/kubernetes_sd_configs: .*/, 'static_configs: []');
    writeFileSync(join(folder, 'prometheus.yml'), known);
    expect(promtool(['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')])).toBe('');
    rmSync(folder, { recursive: true });
  });
});

/** The faults that promtool reports. */
function promtool(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return status === 0 ? '' : `${status} ${stdout}${stderr}`;
}
