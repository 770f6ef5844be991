import { readFileSync } from 'node:fs';
import { helpMarkdown, helpText } from './help.js';
import { DIRECTIVES } from './script/directives.js';
import { parseScript } from './script/parse-script.js';
import { SETTINGS } from './settings.js';

describe('the help', () => {
  it('names every setting and every directive', () => {
    const text = helpText();
    for (const { name } of SETTINGS) expect(text).toContain(name);
    for (const { form } of DIRECTIVES) expect(text).toContain(`  ${form}\n`);
  });

  it('fits a terminal', () => {
    for (const line of helpText().split('\n'))
      expect({ line, length: line.length <= 120 }).toMatchObject({ length: true });
  });

  it('shows only examples that can be scanned', () => {
    const examples = [...helpText().matchAll(/^ {2}(twin:\S+)$/gm)].map(([, example = '']) => example);
    expect(examples.length).toBeGreaterThan(4);
    for (const example of examples) expect({ example, ...parseScript(example) }).toMatchObject({ ok: true });
  });

  it('is in the README word by word; `npm run -s twin -- --markdown` prints it', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const [, section] = /<!-- help -->\n\n([\s\S]*)\n<!-- \/help -->/.exec(readme) ?? [];
    expect(section).toBe(helpMarkdown());
  });
});
