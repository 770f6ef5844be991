import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import { COMMANDS, scriptOf, SECTIONS, type MppCommand } from './mpp/commands.js';

export const COMMAND_LINE_FILE = 'docs/command-line.md';

const HEAD = `# The command line

Written by \`npm run command-line-doc\` from \`scripts/mpp/commands.ts\`.

Everything is started by one program: \`npx mpp <command>\` in a source tree, which compiles first what has changed, and \`mpp <command>\` in the
image, where nothing is compiled. \`mpp --help\` lists what is there, \`mpp <command> --help\` explains one. Each command is an npm script too.

- Exit codes: 0 done, 1 failed or not as it should be, 2 wrong usage, 141 nobody read the output to its end, as with \`| head\`. What else
  there is, \`--help\` says; for the service see [runbook.md](runbook.md#exit-codes).
- Standard output has the result, with \`--json\` one JSON document; standard error has everything else. At a terminal long work shows there how far
  it is and how long it will take.
- \`mpp explain\`, \`mpp find\` and \`mpp refund\` ask the operations API with an operator's token, so that what is seen is checked and recorded as everywhere else;
  they work from any machine that reaches the API. Beside \`npm start\` they need nothing. A token is read from a file, never from an argument, which other users
  of a machine can see.
- Everything under "Operate it" works on \`DATABASE_URL\`, also while no API is up.
`;

const TAIL = `## Completion

\`\`\`sh
mpp completion bash > ~/.local/share/bash-completion/completions/mpp
mpp completion zsh > ~/.zfunc/_mpp        # a folder of $fpath
mpp completion fish > ~/.config/fish/completions/mpp.fish
\`\`\`

In a source tree \`npm link\` puts \`mpp\` into the path; a shell does not complete what follows \`npx\`. The file has all words in it: completing
starts no program. Write it again after an update.

## One more command

A line of \`scripts/mpp/commands.ts\`, a program \`scripts/<name>.ts\` made with \`newCommand\` that exports \`command\`, and an npm script. With
\`isInImage\` it belongs into the Dockerfile too. Tests fail until all of them agree.
`;

/** The whole document. */
export async function commandLineText(): Promise<string> {
  const sections = Object.entries(SECTIONS).map(
    ([name, title]) => `## ${title}\n\n${table(COMMANDS.filter(({ section }) => section === name))}\n`,
  );
  const text = [HEAD, ...sections, TAIL].join('\n');
  return format(text, { ...(await resolveConfig(COMMAND_LINE_FILE)), parser: 'markdown' });
}

function table(commands: readonly MppCommand[]): string {
  const rows = commands.map((command) => {
    const script = scriptOf(command) === 'start' ? 'npm start' : `npm run ${scriptOf(command)}`;
    const place = command.isInImage ? 'yes' : '';
    return `| \`mpp ${command.name}\` | ${command.about} | \`${script}\` | ${place} |`;
  });
  return ['| command | for | npm script | in the image |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export const command = newCommand(
  'npm run command-line-doc --',
  'Writes docs/command-line.md from the table of commands.',
)
  .option('--check', 'write nothing; exit code 1 when the file differs from the code')
  .action(async ({ check = false }) => {
    const wanted = await commandLineText();
    if (!check) await writeFile(COMMAND_LINE_FILE, wanted);
    else if ((await readFile(COMMAND_LINE_FILE, 'utf8').catch(() => '')) !== wanted) {
      console.error(`${COMMAND_LINE_FILE} differs from the code. Run "npm run command-line-doc".`);
      throw new Exit(1);
    }
  });

await runProgram(import.meta.url, command);
