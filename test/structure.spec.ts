import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { measuresOf, type Measures } from '../scripts/structure/measures.js';
import { readSourceTree } from '../scripts/structure/source-tree.js';

/** `npm run structure` prints these measures. A limit is only ever tightened. */
const WALLS = { smallShare: 0.12, longestLines: 300 };

describe('the production code in src', () => {
  const measures = measuresOf(readSourceTree('src'));

  test('has few files that are too short for their own import lines', () => {
    expect(measures.files).toBeGreaterThan(100);
    expect(measures.small.share).toBeLessThanOrEqual(WALLS.smallShare);
  });

  test('has no file above the limit', () => {
    expect(measures.longest.lines).toBeLessThanOrEqual(WALLS.longestLines);
  });

  test('has no file that belongs in its only importer beside it', () => {
    expect(measures.mergeable).toEqual([]);
  });

  test('has no cycle', () => {
    expect(measures.filesInCycles).toEqual([]);
  });
});

describe('the measures', () => {
  const root = mkdtempSync(join(tmpdir(), 'structure-'));
  afterAll(() => rmSync(root, { recursive: true }));

  function measured(files: Readonly<Record<string, string>>): Measures {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return measuresOf(readSourceTree(root));
  }

  test('count files, exports, importers and cycles, and leave out tests', () => {
    const long = Array.from({ length: 40 }, (_, line) => `// ${line}\n`).join('');
    const measures = measured({
      'a/rule.ts': 'export const once = 1;\nexport const twice = 2;\nexport type Unused = 1;\n',
      'a/user.ts': `import { once, twice as two } from './rule.js';\nexport default [once, two];\n${long}`,
      'a/user.spec.ts': `import { once } from './rule.js';\nonce;\n`,
      'a/spec-support/rows.ts': `export const rows = [];\n`,
      'b/page.tsx': `import * as all from '../a/rule.js';\nexport { back } from './back.js';\nall;\n`,
      'b/back.ts': `import type { Page } from './page.js';\nexport function back(page: Page) {\n  return page;\n}\n`,
      'b/small.ts': 'export class Small {}\n',
      'b/large.ts': `import { Small } from './small.js';\n${long}`,
    });
    expect(measures.files).toBe(6);
    expect(measures.longest).toEqual({ path: join(root, 'a/user.ts'), lines: 42 });
    expect(measures.small).toEqual({ files: 4, share: 4 / 6 });
    expect(measures.filesInCycles).toEqual([join(root, 'b/back.ts'), join(root, 'b/page.tsx')]);
    expect(measures.mergeable).toContainEqual({
      path: join(root, 'b/small.ts'),
      into: join(root, 'b/large.ts'),
    });
    expect(measures.mergeable.map(({ path }) => path)).not.toContain(join(root, 'a/rule.ts'));
  });

  test('count an export by the files that use it', () => {
    const { exports, exportsUsedOnce } = measuresOf([
      { path: 'a.ts', lines: 1, imports: new Map(), exports: ['one', 'two', 'none'], hasSpec: false },
      {
        path: 'b.ts',
        lines: 1,
        imports: new Map([['a.ts', new Set(['one', 'two'])]]),
        exports: [],
        hasSpec: false,
      },
      { path: 'c.ts', lines: 1, imports: new Map([['a.ts', new Set(['two'])]]), exports: [], hasSpec: false },
    ]);
    expect({ exports, exportsUsedOnce }).toEqual({ exports: 3, exportsUsedOnce: 1 });
  });
});
