import { readFileSync } from 'node:fs';
import { entrySteps, followSteps } from '../scripts/drill/runbook/entry-steps.js';
import { NIGHT_TROUBLES } from '../scripts/drill/runbook/night-troubles.js';

const RUNBOOK = readFileSync('docs/runbook.md', 'utf8');
const ENTRY = 'queue.paused';

/** The runbook with other commands in place of those of one entry. */
function changed(commands: string, expected = ''): string {
  const [before = '', after = ''] = RUNBOOK.split(`### ${ENTRY}\n`);
  const rest = after.slice(after.indexOf('\n### '));
  return `${before}### ${ENTRY}\n\n- Do:\n\n  \`\`\`sh\n  ${commands}\n  \`\`\`\n\n  \`\`\`text\n  ${expected}\n  \`\`\`\n${rest}`;
}

const followed = async (document: string): Promise<void> =>
  followSteps(entrySteps(document, ENTRY), { PATH: process.env['PATH'] ?? '', REASON: 'ticket 4711' });

describe('the entries of docs/runbook.md that the drill follows', () => {
  it('are at least five, each with commands', () => {
    const entries = NIGHT_TROUBLES.map(({ entry }) => entry);
    expect(new Set(entries).size).toBeGreaterThanOrEqual(5);
    for (const entry of entries) expect(entrySteps(RUNBOOK, entry)).not.toEqual([]);
  });

  it('are run with the commands as written, each with the text that its output must have', () => {
    const [one, many, ...others] = entrySteps(RUNBOOK, 'notification.parked');
    expect(one?.commands).toMatch(/^curl .*redeliver" .*\\\n {2}-H 'Content-Type: application\/json' -d /);
    expect(many).toEqual({
      commands: 'mpp redeliver --since "$SINCE" --reason "$REASON"',
      expected: ['due now'],
    });
    expect(others).toEqual([]);
  });

  it('are run as changed when the runbook changes', async () => {
    await followed(changed('echo "for $REASON"', 'for $REASON'));
    await expect(followed(changed('echo changed >&2; exit 3'))).rejects.toThrow(
      'exit code 3 of step 1 (echo changed >&2; exit 3): changed',
    );
  });

  it('fail where an output is missing, a value is unknown, or an entry has no commands', async () => {
    await expect(followed(changed('echo "for $REASON"', 'for nobody'))).rejects.toThrow(
      'no for nobody in the output of step 1',
    );
    await expect(followed(changed('echo "$PAYMENT"'))).rejects.toThrow('PAYMENT: ');
    expect(() => entrySteps(RUNBOOK, 'queue.unheard_of')).toThrow('the runbook has no entry');
    expect(() => entrySteps(RUNBOOK, 'clock.off')).toThrow('has no commands');
  });
});
