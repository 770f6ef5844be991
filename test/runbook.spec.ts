import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { RESULT_CODES, UNLISTED_REFUSAL } from '../src/alipay-plus/codes/result-codes.js';
import { LISTED_REFUSALS, refusalAdvice } from '../src/notify/acknowledgement.js';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);

/** A part of `notification.parked`. */
const GUARD = 'The guard of the frozen body';
/** Written where no log can be used. */
const WRITTEN_BY_HAND = ['log.lines_dropped', 'log.repeated'];
const EVENTS = sorted([...new Set([...callsOfLog().map(eventOf), ...WRITTEN_BY_HAND])]);

/** Each begins with the name of the method. */
function callsOfLog(): string[] {
  return ['src', 'embedded'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !/\.spec\.tsx?$|spec-support/.test(path))
      .flatMap((path) =>
        readFileSync(join(folder, path), 'utf8')
          .split(/\b\w*[lL]og\s*\.\s*(?:warn|error)\(\s*(?=')/)
          .slice(1),
      ),
  );
}

function eventOf(call: string): string {
  return /^'([^']+)'/.exec(call)?.[1] ?? '';
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted((one, other) => (one < other ? -1 : 1));
}

function entriesUnder(chapter: string): [name: string, text: string][] {
  const body = runbook.split(/^## /m).find((text) => text.startsWith(`${chapter}\n`)) ?? '';
  return body
    .split(/^### /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n')).trim()]);
}

interface Alert {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: unknown;
}

function alertsOf(path: string): Alert[] {
  const file = load(readFileSync(path, 'utf8')) as { groups: { rules: (Partial<Alert> & object)[] }[] }; // promtool checks its form
  return file.groups.flatMap(({ rules }) => rules.filter((rule): rule is Alert => 'alert' in rule));
}

describe('docs/runbook.md', () => {
  it('has an entry for every anchor that results point to', () => {
    const anchors = Object.values(RESULT_CODES).map(({ runbookAnchor }) => runbookAnchor as string);
    expect(headings).toEqual(expect.arrayContaining([...anchors, UNLISTED_REFUSAL.runbookAnchor]));
  });

  it('has an entry for every warning and error of the log, and none for others', () => {
    expect(EVENTS.length).toBeGreaterThan(50);
    const entries = [...entriesUnder('Alarms'), ...entriesUnder('Other lines of the log')].map(
      ([name]) => name,
    );
    expect(sorted(entries.filter((name) => name !== GUARD))).toEqual(EVENTS);
  });

  it('has every event that alarms among its alarms', () => {
    const alarms = callsOfLog().filter((call) => /^[^;]*\balarm(?:: (?!false)| ?[,}])/.test(call));
    expect(alarms.length).toBeGreaterThan(5);
    const entries = entriesUnder('Alarms').map(([name]) => name);
    expect(entries).toEqual(expect.arrayContaining(alarms.map(eventOf)));
  });

  it('has an entry for every alarm of Prometheus, which leads to it', () => {
    const alerts = alertsOf('ops/alerts.yml');
    expect(sorted(entriesUnder('Alarms of Prometheus').map(([name]) => name))).toEqual(
      sorted(alerts.map(({ alert }) => alert)),
    );
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations).toEqual({
        summary: expect.any(String),
        runbook: `docs/runbook.md#${alert.toLowerCase()}`,
      });
      expect(['page', 'ticket']).toContain(labels.severity);
    }
  });

  it.each([
    ...entriesUnder('Alarms'),
    ...entriesUnder('Other lines of the log'),
    ...entriesUnder('Alarms of Prometheus'),
  ])('says of %s what it means, where to look, what to do and what never', (name, text) => {
    if (name === GUARD) return;
    expect(text).toMatch(/^\S[^]*\n- Look at: \S[^]*\n- Do: \S[^]*\n- Never: .+$/);
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
