import { EventLog } from '../platform/logging/event-log.js';
import { FirstSeenCodes } from './first-seen-codes.js';

describe('FirstSeenCodes', () => {
  const told = (): { codes: FirstSeenCodes; lines: string[] } => {
    const lines: string[] = [];
    const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(line) });
    return { codes: new FirstSeenCodes(log), lines };
  };

  it('raises an alarm the first time an unreviewed code comes, and never again for it', () => {
    const { codes, lines } = told();
    for (const code of ['BRAND_NEW', 'BRAND_NEW', 'NEWER_STILL', 'BRAND_NEW']) codes.note('rejected', code);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        event: 'result_code.first_seen',
        level: 'warn',
        resultCode: 'BRAND_NEW',
        outcome: 'rejected',
        alarm: true,
      },
      { resultCode: 'NEWER_STILL' },
    ]);
  });

  it('ignores known codes, and answers without a code', () => {
    const { codes, lines } = told();
    for (const code of ['SUCCESS', 'EXPIRED_CODE', undefined]) codes.note('accepted', code);
    expect(lines).toEqual([]);
  });

  it('remembers a limited number of them', () => {
    const { codes, lines } = told();
    for (let at = 0; at < 1_000; at += 1) codes.note('rejected', `INVENTED_${at}`);
    expect(lines).toHaveLength(200);
  });
});
