import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { closest } from 'fastest-levenshtein';
import { endWithReader, newCommand, runCommand, UsageError } from '../command-line/run-command.js';
import { canBeImported, COMMANDS, SECTIONS, type MppCommand } from './mpp/commands.js';
import { completionScript, SHELLS, wordTree } from './mpp/completion.js';
import { ofProject } from './mpp/root.js';

const NOTES = `
  mpp <command> --help   explains one of them
Exit codes of every command: 0 done, 1 failed or not as it should be, 2 wrong usage; some have more, which their help lists.`;

interface Chosen {
  readonly command: MppCommand;
  readonly words: readonly string[];
}

/** The commands that exist here: an image has fewer than a source tree. */
export function availableCommands(root = ofProject()): readonly MppCommand[] {
  const isTree = existsSync(resolve(root, 'tsconfig.build.json'));
  return COMMANDS.filter(({ isInImage = false }) => isTree || isInImage);
}

/** The command line that only chooses a program; `choose` gets its name and its arguments. */
export function mppProgram(
  commands: readonly MppCommand[],
  choose: (chosen: Chosen) => void,
): CommandUnknownOpts {
  const program = newCommand('mpp', 'Everything that can be started, operated, tried out and measured here.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version and do nothing else')
    .enablePositionalOptions()
    .helpCommand(false)
    // Each program declares words of its own.
    .configureHelp({ helpWidth: 110, subcommandTerm: (command) => command.name() })
    .addHelpText('after', NOTES);
  for (const command of commands) addCommand(program, command, commands, choose);
  return program
    .addCommand(
      newCommand('completion', 'prints what makes a shell complete these commands')
        .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
        .action(async (shell) => console.log(completionScript(shell, await wordTree(commands, importable)))),
    )
    .addCommand(
      newCommand('help', 'explains one of them')
        .argument('[words...]', 'of the command')
        .action((words) => {
          const command = commands.find(({ name }) => name === words.join(' '));
          if (command !== undefined) return choose({ command, words: ['--help'] });
          if (words.length > 0) throw new UsageError(`there is no "mpp ${words.join(' ')}"`);
          console.log(program.helpInformation().trimEnd());
        }),
    );
}

function addCommand(
  program: CommandUnknownOpts,
  command: MppCommand,
  commands: readonly MppCommand[],
  choose: (chosen: Chosen) => void,
): void {
  const [first = '', second] = command.name.split(' ');
  const parts = commands.flatMap(({ name }) =>
    name.startsWith(`${first} `) ? [name.split(' ')[1] ?? ''] : [],
  );
  const others = second === undefined && parts.length > 0 ? `; and ${parts.join(', ')}` : '';
  const one = newCommand(second ?? first, `${command.about}${others}`)
    .helpGroup(SECTIONS[command.section])
    // Its own program reads the arguments, `--help` too.
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .passThroughOptions()
    .argument('[words...]')
    .action((words) => {
      const [part = '-'] = words;
      if (second === undefined && parts.length > 0 && !part.startsWith('-'))
        throw new UsageError(`there is no "mpp ${first} ${part}"; did you mean ${closest(part, parts)}?`);
      choose({ command, words });
    });
  if (second === undefined) program.addCommand(one.enablePositionalOptions().helpCommand(false));
  else {
    const about = `${second}: ${command.about}`;
    groupOf(program, { name: first, about, section: command.section }).addCommand(one);
  }
}

/** The command of a first word; where it runs nothing itself it only groups others. */
function groupOf(
  program: CommandUnknownOpts,
  { name, about, section }: Pick<MppCommand, 'name' | 'about' | 'section'>,
): CommandUnknownOpts {
  const found = program.commands.find((one) => one.name() === name);
  if (found !== undefined) return found;
  const group = newCommand(name, about).helpGroup(SECTIONS[section]).enablePositionalOptions();
  program.addCommand(group);
  return group;
}

function version(): string {
  const manifest: unknown = createRequire(import.meta.url)(ofProject('package.json'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

async function importable(command: MppCommand): Promise<unknown> {
  return canBeImported(command) ? import(pathToFileURL(ofProject(command.program)).href) : {};
}

/** In this process, as if it had been started by itself. */
async function start({ command: { program, nodeFlags = [] }, words }: Chosen): Promise<void> {
  const file = ofProject(program);
  const missing = nodeFlags.filter((flag) => !process.execArgv.includes(flag));
  if (missing.length > 0) {
    const { status } = spawnSync(process.execPath, [...missing, file, ...words], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
    return;
  }
  process.argv = [process.execPath, file, ...words];
  await import(pathToFileURL(file).href);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let chosen: Chosen | undefined;
  const program = mppProgram(availableCommands(), (choice) => void (chosen = choice));
  const takeBack = endWithReader();
  const exitCode = await runCommand(program, process.argv.slice(2));
  if (chosen === undefined) process.exitCode = exitCode;
  else {
    takeBack();
    await start(chosen);
  }
}
