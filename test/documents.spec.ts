import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ERRORS_FILE, errorsText } from '../scripts/errors-doc.js';
import { CLIENT_TYPES_FILE, OPENAPI_FILE } from '../scripts/openapi.js';
import { clientTypesText } from '../scripts/openapi/client-types.js';
import { openApiText } from '../scripts/openapi/open-api-text.js';
import {
  envExample,
  SETTINGS_FILE,
  settingsTable,
  tableIn,
  withoutPadding,
} from '../scripts/settings-documents.js';
import { TRANSITIONS } from '../src/payment-order/order/payment-status.js';
import { settingsOf } from '../src/platform/config/from-env.js';
import { loadSettings } from '../src/platform/config/load-settings.js';
import { SETTINGS } from '../src/settings.js';
import { DIRECTIVES } from '../twin/script/directives.js';
import { parseScript } from '../twin/script/parse-script.js';
import { TEST_CODES_FILE, testCodes } from './support/documents/test-codes.js';

const read = (file: string): Promise<string> => readFile(file, 'utf8');

describe('.env.example', () => {
  test('lists every setting as the code declares it (npm run env-example writes it)', async () => {
    expect(await read('.env.example')).toBe(envExample(SETTINGS));
  });

  test('changes nothing when it is copied unchanged', async () => {
    expect(parseEnv(await read('.env.example'))).toEqual({});
  });

  test('has only values that the service would accept', async () => {
    const opened = (await read('.env.example')).replaceAll(/^#(?=[A-Z_]+=)/gm, '');
    const environment = parseEnv(opened);
    const declared = SETTINGS.flatMap(settingsOf).map(({ name }) => name);
    expect(new Set(Object.keys(environment))).toEqual(new Set(declared));
    expect(() => loadSettings(SETTINGS, environment)).not.toThrow();
  });
});

describe('the settings', () => {
  test('have one name each, and one sentence about it', () => {
    const declared = SETTINGS.flatMap(settingsOf);
    expect(new Set(declared.map(({ name }) => name)).size).toBe(declared.length);
    for (const { name, about } of declared)
      expect({ name, about }).toEqual({ name, about: expect.stringMatching(/^[A-Z].*\.$/) });
  });
});

describe('README.md', () => {
  test('stays below 200 lines', async () => {
    expect((await read('README.md')).split('\n').length).toBeLessThan(200);
  });
});

describe('docs/settings.md', () => {
  test('has the table of all settings between its markers (npm run env-example writes it)', async () => {
    const table = tableIn(await read(SETTINGS_FILE));
    expect(withoutPadding(table ?? 'no markers')).toBe(withoutPadding(settingsTable(SETTINGS)));
  });
});

describe('the documents', () => {
  test('name only files that exist', async () => {
    const named = found(
      await documents(),
      /`((?:src|embedded|twin|test|scripts|migrations|docs|bench)\/[\w./-]+)`/g,
    );
    expect(named.map(({ name }) => name)).toContain('src/main.ts');
    expect(named.filter(({ name }) => !existsSync(name))).toEqual([]);
  });

  test('exist where the code refers its readers to them', async () => {
    const code = await Promise.all(
      ['src', 'embedded', 'twin', 'scripts', 'migrations', 'bench'].map((at) => textsIn(at, '.ts')),
    );
    const named = found(code.flat(), /\b(docs\/[\w/-]+\.md)\b/g);
    expect(named.map(({ name }) => name)).toContain('docs/performance.md');
    expect(named.filter(({ name }) => !existsSync(name))).toEqual([]);
  });

  test('link only to files that exist', async () => {
    const links = found(await documents(), /\]\(([^)#\s]+)[^)]*\)/g).filter(
      ({ name }) => !/^[a-z]+:/.test(name),
    );
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(({ file, name }) => !existsSync(join(file, '..', name)))).toEqual([]);
  });

  test('name only scripts that package.json has, and so do the programs', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }; // npm's own format
    const named = found([...(await documents()), ...(await programs())], /npm run (?:-s )?([a-z][\w:-]*)/g);
    expect(named.map(({ name }) => name)).toContain('demo');
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe('docs/runbook.md', () => {
  test('names only settings that exist, by their endings', async () => {
    const settings = new Set(SETTINGS.flatMap(settingsOf).map(({ name }) => name));
    const lastWord = (name: string): string | undefined => name.split('_').at(-1);
    const endings = new Set([...settings].map(lastWord));
    const words = found([await textOf('docs/runbook.md')], /`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g);
    const named = words.filter(({ name }) => endings.has(lastWord(name)));
    expect(named.map(({ name }) => name)).toContain('ALIPAYPLUS_MAX_SKEW_MS');
    expect(named.filter(({ name }) => !settings.has(name))).toEqual([]);
  });
});

describe('package.json', () => {
  test('has no script that compiles without saying so', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }; // npm's own format
    // They build through scripts/build.js, which says what it does before it starts.
    expect(Object.entries(scripts).filter(([, script]) => /\btsc -p/.test(script))).toEqual([]);
    const build = await read('scripts/build.js');
    expect(build.indexOf('Building')).toBeGreaterThan(-1);
    expect(build.indexOf('Building')).toBeLessThan(build.indexOf('run(tsc'));
  });
});

describe('docs/architecture.md', () => {
  test('has the moves of an order from the transition table', async () => {
    const drawn = found([await textOf('docs/architecture.md')], /^ {2}([A-Z_]+ --> [A-Z_]+)$/gm);
    const listed = Object.entries(TRANSITIONS).flatMap(([from, events]) =>
      Object.values(events).map((to) => `${from} --> ${to}`),
    );
    expect(new Set(drawn.map(({ name }) => name))).toEqual(new Set(listed));
  });

  test('names only statements that the stores have', async () => {
    const sources = await textsIn('src/payment-order', '.sql.ts');
    const known = new Set(found(sources, /name: '(\w+)'/g).map(({ name }) => name));
    const rows = (await read('docs/architecture.md')).split('\n').filter((line) => line.startsWith('| '));
    const threeColumns = rows.map((row) => row.split('|')).filter((cells) => cells.length === 5);
    const column = { file: '', text: threeColumns.map((cells) => cells[2]).join('\n') };
    const named = found([column], /`([a-z]+_[a-z_]+)`/g).map(({ name }) => name);
    expect(named).toContain('scan_begin');
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('docs/test-codes.md', () => {
  test('has codes that the twin reads, each once', () => {
    const codes = testCodes().map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !parseScript(code).ok)).toEqual([]);
  });

  test('has every word that the twin knows, or says why it is missing', async () => {
    const page = await read(TEST_CODES_FILE);
    const named = new Set(found([{ file: '', text: page }], /[;`](\w+)(?=[=@;#`])/g).map(({ name }) => name));
    expect(DIRECTIVES.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  test('lists the refusals of the code (npm run errors-doc writes it)', async () => {
    expect(await read(ERRORS_FILE)).toBe(await errorsText());
  });
});

describe('docs/openapi.json', () => {
  test('describes the API of the code (npm run openapi writes it)', async () => {
    expect(await read(OPENAPI_FILE)).toBe(await openApiText());
  });

  /** Of two classes with one name the description would show one, in place of both. */
  test('is made of classes with names of their own', async () => {
    const files = (await readdir('src', { recursive: true })).filter((file) =>
      /\.(dto|controller)\.ts$/.test(file),
    );
    const texts = await Promise.all(files.map((file) => read(join('src', file))));
    const names = texts.flatMap((text) =>
      [...text.matchAll(/^(?:export )?class (\w+Dto)\b/gm)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('the types of the client', () => {
  test('are those of docs/openapi.json (npm run openapi writes them)', async () => {
    expect(await read(CLIENT_TYPES_FILE)).toBe(
      await clientTypesText(await read(OPENAPI_FILE), CLIENT_TYPES_FILE),
    );
  });
});

interface FileText {
  readonly file: string;
  readonly text: string;
}

async function textOf(file: string): Promise<FileText> {
  return { file, text: await read(file) };
}

async function textsIn(folder: string, ending: string): Promise<FileText[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending));
  return Promise.all(names.map((name) => textOf(join(folder, name))));
}

async function documents(): Promise<FileText[]> {
  const named = ['README.md', 'CHANGELOG.md', 'clients/typescript/README.md'];
  return [...(await Promise.all(named.map(textOf))), ...(await textsIn('docs', '.md'))];
}

async function programs(): Promise<FileText[]> {
  return (
    await Promise.all(['src', 'embedded', 'twin', 'scripts'].map((folder) => textsIn(folder, '.ts')))
  ).flat();
}

/** All matches of a pattern in the texts, each with its file. */
function found(texts: readonly FileText[], pattern: RegExp): { file: string; name: string }[] {
  return texts.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map(([, name = '']) => ({ file, name })),
  );
}
