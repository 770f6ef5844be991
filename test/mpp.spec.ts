import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { newCommand, runCommand } from '../command-line/run-command.js';
import { COMMAND_LINE_FILE, commandLineText } from '../scripts/command-line-doc.js';
import { availableCommands, mppProgram } from '../scripts/mpp.js';
import { canBeImported, COMMANDS, scriptOf, type MppCommand } from '../scripts/mpp/commands.js';
import { completionScript, SHELLS, wordTree } from '../scripts/mpp/completion.js';

const { scripts, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
  bin: Readonly<Record<string, string>>;
}; // npm's own format

const sourceOf = ({ program }: MppCommand): string =>
  program.replace(/^(?:dist|out\/bench)\//, '').replace(/\.js$/, '.ts');

async function run(...words: string[]) {
  const told = { out: '', err: '', chosen: new Array<string>() };
  const program = mppProgram(COMMANDS, ({ command, words: rest }) => {
    told.chosen = [command.name, ...rest];
  });
  const code = await runCommand(program, words, {
    log: (text) => void (told.out += text),
    error: (text) => void (told.err += text),
  });
  return { code, ...told };
}

describe('the table of commands', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s has a program',
    (_name, command) => {
      expect(existsSync(sourceOf(command))).toBe(true);
    },
  );

  it.each(COMMANDS.map((command) => [scriptOf(command), command.name]))(
    'npm run %s is mpp %s',
    (script, name) => {
      expect(scripts[script]).toBe(`node bin/mpp.js ${name}`);
    },
  );

  it('is installed by package.json, as a program', () => {
    expect(bin).toEqual({ mpp: 'bin/mpp.js' });
    expect(readFileSync('bin/mpp.js', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('has every program except those for the development of the project', () => {
    const writesProject =
      /^(build|dev|screenshots|openapi|env-example|protocol-doc|errors-doc|command-line-doc|structure|licences|migrate:create|test:repeat|check:node|commit-message)/;
    const others = Object.entries(scripts).filter(([, script]) => /\bnode (scripts|dist)\//.test(script));
    const left = others.filter(([name]) => !writesProject.test(name)).map(([name]) => name);
    expect(left).toEqual(['start:api', 'start:worker']);
  });

  it('has every command that a document shows, and the image has those of the runbook', () => {
    const known = new Set([...COMMANDS.map(({ name }) => name.split(' ')[0]), 'completion', 'help']);
    const files = [
      'README.md',
      ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
    ];
    const shown = (file: string): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/(?:^ *|`|npx |exec \S+ )mpp ([a-z][a-z-]*)/gm)].map(
        ([, name = '']) => name,
      );
    expect(files.flatMap(shown).filter((name) => !known.has(name))).toEqual([]);
    const image = COMMANDS.filter(({ isInImage }) => isInImage).map(({ name }) => name);
    expect(shown('docs/runbook.md')).toEqual(expect.arrayContaining(['redeliver', 'repair']));
    expect(shown('docs/runbook.md').filter((name) => !image.includes(name))).toEqual([]);
  });

  /** Programs with output for people only: commands run once, and those that print a seed or a table. */
  const FOR_PEOPLE = ['data-keys', 'rotate-keys', 'fuzz', 'seed-operations'];

  it('answers programs with --json wherever a program may call it', async () => {
    const programs = COMMANDS.filter(canBeImported);
    const tree = await wordTree(programs, ({ program }) => import(`../${program.replace(/^dist\//, '')}`));
    const leaves = [...tree].filter(
      ([chain]) => ![...tree.keys()].some((one) => one.startsWith(`${chain} `)),
    );
    const without = leaves
      .filter(([, words]) => !words.has('--json'))
      .map(([chain]) => chain.split(' ')[1] ?? '');
    expect(leaves.length).toBeGreaterThan(20);
    expect([...new Set(without)].filter((name) => !['completion', 'help'].includes(name)).toSorted()).toEqual(
      FOR_PEOPLE.toSorted(),
    );
  });

  it('is listed in the document (npm run command-line-doc writes it)', async () => {
    expect(readFileSync(COMMAND_LINE_FILE, 'utf8')).toBe(await commandLineText());
  });
});

describe('mpp', () => {
  it('lists every command in its help, and the benchmarks with theirs', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const { name, about } of COMMANDS.filter((command) => !command.name.includes(' '))) {
      expect(out).toMatch(new RegExp(`^ +${name} `, 'm'));
      expect(out.replaceAll(/\s+/g, ' ')).toContain(about);
    }
    expect(out.replaceAll(/\s+/g, ' ')).toContain('and growth, processes, long-poll');
    expect(out).toContain("events                 listen: prints events to the wallet's back end\n");
  });

  it.each([
    [
      ['keys', 'make', '--nonsense', '--', 'x'],
      ['keys', 'make', '--nonsense', '--', 'x'],
    ],
    [['start'], ['start']],
    [
      ['migrate', '--help'],
      ['migrate', '--help'],
    ],
    [
      ['drill', '-h'],
      ['drill', '-h'],
    ],
    [
      ['bench', '--rounds', '2'],
      ['bench', '--rounds', '2'],
    ],
    [
      ['bench', 'growth', '--small', '1'],
      ['bench growth', '--small', '1'],
    ],
    [
      ['help', 'keys'],
      ['keys', '--help'],
    ],
    [
      ['help', 'bench', 'soak'],
      ['bench soak', '--help'],
    ],
  ])('%j starts %j', async (words, chosen) => {
    expect(await run(...words)).toEqual({ code: 0, out: '', err: '', chosen });
  });

  it.each([
    [['explian', 'x'], 'Did you mean explain?'],
    [['bench', 'grwth'], 'did you mean growth?'],
    [['help', 'nothing'], 'there is no "mpp nothing"'],
    [['completion', 'sh'], 'bash, zsh, fish'],
    [['--jsn'], "unknown option '--jsn'"],
    [[], 'a command is missing'],
  ])('refuses %j with a similar command', async (words, told) => {
    const { code, err, out, chosen } = await run(...words);
    expect({ code, out, chosen }).toEqual({ code: 2, out: '', chosen: [] });
    expect(err).toContain(told);
  });

  it('accepts a command of two words whose first one runs nothing by itself', async () => {
    const row = { name: 'events listen', program: 'x.js', about: 'y', section: 'look' } as const;
    let chosen: unknown;
    const program = mppProgram([row], (choice) => void (chosen = choice));
    expect(await runCommand(program, ['events', 'listen', '--json'], { log: () => 0, error: () => 0 })).toBe(
      0,
    );
    expect(chosen).toEqual({ command: row, words: ['--json'] });
  });

  it('is smaller in an image, which has no sources', () => {
    const image = availableCommands('/nowhere').map(({ name }) => name);
    expect(image).toEqual(COMMANDS.filter(({ isInImage }) => isInImage).map(({ name }) => name));
    expect(image).toEqual(
      expect.arrayContaining(['start', 'redeliver', 'certify-ledger', 'explain', 'repair']),
    );
    expect(image).not.toContain('demo');
    expect(availableCommands()).toHaveLength(COMMANDS.length);
  });
});

describe('completion', () => {
  const keys: CommandUnknownOpts = newCommand('mpp keys', 'keys')
    .option('--json', "it's: JSON")
    .addCommand(newCommand('make', 'makes').option('--scope <scope>', 'what'));
  const load = async (command: MppCommand): Promise<unknown> =>
    command.name === 'keys' ? { command: keys } : {};

  /** The words that bash offers while the last word is typed. */
  async function offered(...words: string[]): Promise<string[]> {
    const script = completionScript('bash', await wordTree(COMMANDS, load));
    const typed = ['mpp', ...words].map((word) => `'${word}'`).join(' ');
    const line = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _mpp; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', line], { encoding: 'utf8' }).split('\n').filter(Boolean);
  }

  it.each([
    [['ex'], ['explain']],
    [['cert'], ['certify-ledger']],
    [['bench', 'gr'], ['growth']],
    [['bench', 'growth', '--h'], ['--help']],
    [['keys', 'm'], ['make']],
    [['keys', '--j'], ['--json']],
    [
      ['keys', 'make', '--'],
      ['--help', '--scope'],
    ],
    [['keys', 'make', 'a name; rm', '--s'], ['--scope']],
    [
      ['completion', ''],
      ['--help', ...SHELLS],
    ],
    [['$(touch evaluated)', ''], ['--help']],
  ])('offers after %j in bash', async (words, choices) => {
    expect(await offered(...words)).toEqual(expect.arrayContaining(choices));
    expect(existsSync('evaluated')).toBe(false);
  });

  it.each(SHELLS)('knows every word of the table in %s', async (shell) => {
    const script = completionScript(shell, await wordTree(COMMANDS, load));
    const words = COMMANDS.flatMap(({ name }) => name.split(' '));
    expect(words.filter((word) => !script.includes(word))).toEqual([]);
    expect(script).not.toContain("it's");
  });

  it('imports only programs that run nothing when imported', () => {
    const run = COMMANDS.filter((command) => !canBeImported(command)).map(({ name }) => name.split(' ')[0]);
    expect(new Set(run)).toEqual(new Set(['start', 'twin', 'bench']));
    for (const command of COMMANDS.filter(canBeImported)) {
      const source = readFileSync(sourceOf(command), 'utf8');
      expect(source).toMatch(/^export const command = /m);
      expect(source).toMatch(/^await runProgram(AndLeave)?\(import\.meta\.url, command\);$/m);
    }
  });
});
