import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_CODES, UNLISTED_REFUSAL } from '../src/alipay-plus/codes/result-codes.js';
import { LISTED_REFUSALS, refusalAdvice } from '../src/notify/acknowledgement.js';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);

describe('docs/runbook.md', () => {
  it('has an entry for every anchor that results point to', () => {
    const anchors = Object.values(RESULT_CODES).map(({ runbookAnchor }) => runbookAnchor as string);
    expect(headings).toEqual(expect.arrayContaining([...anchors, UNLISTED_REFUSAL.runbookAnchor]));
  });

  it('has an entry for every event that alarms', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'),
    );
    const calls = sources.flatMap((path) =>
      readFileSync(join('src', path), 'utf8').split(/(?=\blog\s*\.\s*(?:event|warn|error)\()/),
    );
    const events = calls
      .filter((call) => /^log[^;]*\balarm(?:: (?!false)| ?[,}])/.test(call))
      .map((call) => /\('([^']+)'/.exec(call)?.[1]);
    expect(events.length).toBeGreaterThan(5);
    expect(headings).toEqual(expect.arrayContaining(events));
  });

  it('says what to do about every refusal that stops a notification', () => {
    for (const code of LISTED_REFUSALS.filter((listed) => refusalAdvice(listed).next === 'stop'))
      expect(runbook).toContain(`\`${code}\``);
  });

  it('links only to its own headings', () => {
    const slugs = headings.map((heading) =>
      (heading ?? '')
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(slugs).toEqual(expect.arrayContaining(links));
  });
});
