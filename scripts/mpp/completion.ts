import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { MppCommand } from './commands.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** The words that may follow others on a command line, each with a short description. */
export type WordTree = ReadonlyMap<string, ReadonlyMap<string, string>>;

const HELP: readonly [string, string] = ['--help', 'print how it is used'];

/** Own words of `mpp`, beside the commands of the table. */
const OWN: Readonly<Record<string, string>> = {
  completion: 'prints what makes a shell complete these commands',
  help: 'explains one of them',
};

/**
 * Every sequence of words that something can follow, `mpp` first.
 *
 * @param load the module of a program; its export `command` has its words and flags
 */
export async function wordTree(
  commands: readonly MppCommand[],
  load: (command: MppCommand) => Promise<unknown>,
): Promise<WordTree> {
  const tree = new Map<string, Map<string, string>>([['mpp', new Map([HELP, ...Object.entries(OWN)])]]);
  tree.set('mpp completion', new Map([HELP, ...SHELLS.map((shell) => [shell, ''] as const)]));
  tree.set('mpp help', new Map());
  for (const command of commands) {
    const words = command.name.split(' ');
    const chain = `mpp ${command.name}`;
    const parent = ['mpp', ...words.slice(0, -1)].join(' ');
    tree.get(parent)?.set(words.at(-1) ?? '', command.about);
    if (words.length === 1) tree.get('mpp help')?.set(command.name, command.about);
    tree.set(chain, new Map([HELP]));
    const loaded = await load(command);
    if (isProgram(loaded)) addWords(tree, chain, loaded.command);
  }
  return tree;
}

function isProgram(loaded: unknown): loaded is { readonly command: CommandUnknownOpts } {
  return typeof loaded === 'object' && loaded !== null && 'command' in loaded;
}

function addWords(tree: Map<string, Map<string, string>>, chain: string, command: CommandUnknownOpts): void {
  const words = tree.get(chain) ?? new Map<string, string>([HELP]);
  tree.set(chain, words);
  for (const option of command.options) if (option.long) words.set(option.long, option.description);
  for (const subcommand of command.commands) {
    words.set(subcommand.name(), subcommand.description());
    addWords(tree, `${chain} ${subcommand.name()}`, subcommand);
  }
}

/** A shell script. It holds all words itself: completion starts no program, and evaluates nothing that was typed. */
export function completionScript(shell: Shell, tree: WordTree): string {
  return { bash, zsh, fish }[shell](tree);
}

function bash(tree: WordTree): string {
  const cases = [...tree].map(
    ([chain, words]) => `    ${quoted(chain)}) words=${quoted([...words.keys()].join(' '))} ;;`,
  );
  return `# mpp completion bash > ~/.local/share/bash-completion/completions/mpp
_mpp() {
  local chain=mpp words='' at
  for ((at = 1; at < COMP_CWORD; at += 1)); do
    case "$chain \${COMP_WORDS[at]}" in
    ${alternatives(tree)}) chain="$chain \${COMP_WORDS[at]}" ;;
    esac
  done
  case "$chain" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _mpp mpp`;
}

function zsh(tree: WordTree): string {
  const cases = [...tree].map(([chain, words]) => {
    const choices = [...words].map(([word, about]) => quoted(`${word}:${brief(about)}`));
    return `  ${quoted(chain)}) choices=(${choices.join(' ')}) ;;`;
  });
  return `#compdef mpp
# mpp completion zsh > a file named _mpp in a folder of $fpath
_mpp() {
  local chain=mpp word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$chain $word" in
    ${alternatives(tree)}) chain="$chain $word" ;;
    esac
  done
  case "$chain" in
${cases.join('\n')}
  esac
  _describe mpp choices || _files
}
compdef _mpp mpp`;
}

function fish(tree: WordTree): string {
  const lines = [...tree].flatMap(([chain, words]) =>
    [...words].map(([word, about]) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c mpp -n 'test (__mpp_chain) = ${quoted(chain).replaceAll("'", '"')}' ${what} -d ${quoted(brief(about))}`;
    }),
  );
  return `# mpp completion fish > ~/.config/fish/completions/mpp.fish
function __mpp_chain
  set -l chain mpp
  for word in (commandline -opc)[2..]
    switch "$chain $word"
      case ${chainsBelow(tree).map(quoted).join(' ')}
        set chain "$chain $word"
    end
  end
  echo $chain
end
${lines.join('\n')}`;
}

function chainsBelow(tree: WordTree): string[] {
  return [...tree.keys()].filter((chain) => chain !== 'mpp');
}

function alternatives(tree: WordTree): string {
  return chainsBelow(tree).map(quoted).join(' | ');
}

/** One line for a menu, without characters that are special inside single quotes. */
function brief(about: string): string {
  return (about.split(/[\n;]/)[0] ?? '').replaceAll("'", '’').replaceAll(/[:\\]/g, ' ').slice(0, 70);
}

function quoted(text: string): string {
  return `'${text}'`;
}
