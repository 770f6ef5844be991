import { readFileSync } from 'node:fs';
import { RESULT_CODES } from '../alipay-plus/codes/result-codes.js';
import { PLATFORM_PROBLEMS } from '../platform/http/platform-problems.js';
import { APP_ACTIONS, PAYER_ADVICE, PAYER_TEXTS } from './payer-advice.js';
import { PAYMENTS_PROBLEMS } from './payments.problems.js';

const LANGUAGES = ['en', 'zh-Hans', 'zh-Hant', 'ja', 'ko', 'id', 'ms', 'th', 'vi', 'tl'];
type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;
const texts = JSON.parse(readFileSync('docs/app-texts.json', 'utf8')) as Texts; // our own file

describe('docs/app-texts.json', () => {
  it('has every language, and the English text of the code', () => {
    expect(Object.keys(texts)).toEqual(LANGUAGES);
    expect(texts['en']).toEqual(PAYER_TEXTS);
  });

  it.each(LANGUAGES)('has a sentence for every message key in %s, and none for another', (language) => {
    const here = texts[language] ?? {};
    expect(Object.keys(here)).toEqual(Object.keys(PAYER_TEXTS).toSorted());
    for (const [key, text] of Object.entries(here)) {
      expect({ key, text }).toEqual({ key, text: expect.stringMatching(/^\S.{4,}\S$/) });
      // Two states that need two texts in one language need them in all.
      expect(Object.values(here).filter((other) => other === text)).toHaveLength(1);
    }
  });

  it('is translated: no text is the same as the English one', () => {
    const kept = LANGUAGES.slice(1).flatMap((language) =>
      Object.entries(texts[language] ?? {}).filter(([key, text]) => PAYER_TEXTS[key] === text),
    );
    expect(kept).toEqual([]);
  });
});

describe('the actions of an app', () => {
  const rows = Object.entries({ ...PLATFORM_PROBLEMS, ...PAYMENTS_PROBLEMS });

  it.each(rows)('include %s, with the text it shows', (_code, { extra }) => {
    expect(Object.keys(APP_ACTIONS)).toContain(extra?.action);
    expect(Object.keys(PAYER_TEXTS)).toContain(extra?.messageKey);
  });

  it('are explained only if something asks for them', () => {
    const asked = [
      ...rows.map(([, { extra }]) => extra?.action),
      ...Object.values(PAYER_ADVICE).map(({ action }) => action),
      ...Object.values(RESULT_CODES).map((row) => (row.status === 'F' ? row.action : undefined)),
    ];
    expect(Object.keys(APP_ACTIONS).filter((action) => !asked.some((one) => one === action))).toEqual([]);
  });
});
