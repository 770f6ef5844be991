// Checks the title of a commit: `node scripts/git-hooks/commit-message.js "feat: show the payer the reason"`, or with
// `--file` the file git gives to its commit-msg hook.
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { plainCommand } from '../plain-command.js';

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'test', 'docs', 'build', 'ci', 'chore', 'revert'];
/** In characters: as much as `git log --oneline` and lists of pull requests show. */
const MAX_LENGTH = 72;
/** Titles that git writes itself; such commits are joined with others before they are pushed. */
const WRITTEN_BY_GIT = /^(Merge |Revert "|fixup! |squash! |amend! )/;

/**
 * The fault of a commit title; undefined when there is none.
 *
 * @param {string} message
 * @returns {string | undefined}
 */
export function faultOf(message) {
  const title = message.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  if (WRITTEN_BY_GIT.test(title)) return undefined;
  const [, type = '', text = ''] = /^([a-z]+)(?:\([a-z0-9-]+\))?!?: (.*)$/.exec(title) ?? [];
  if (!TYPES.includes(type)) return `it must begin with a type and a colon; types are ${TYPES.join(', ')}`;
  if (text.trim() === '') return 'it must say what changes';
  if (/^[A-Z][a-z]/.test(text)) return 'its text begins in lower case';
  if (title.endsWith('.')) return 'it has no full stop';
  if (title.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters; the body has room`;
  return undefined;
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const command = plainCommand('npm run commit-message --', 'Checks the title of a commit.')
    .argument('[message]', 'the message')
    .option('--file <path>', 'the file git gives to its commit-msg hook')
    .parse();
  const { file } = command.opts();
  if ((file === undefined) === (command.args.length === 0)) command.error('give a message or --file');
  const message = file === undefined ? command.args[0] : await readFile(file, 'utf8');
  const fault = faultOf(message);
  if (fault !== undefined) {
    console.error(
      `The title of this commit does not fit: ${fault}.\nFor example: fix(notify): keep the frozen body`,
    );
    process.exitCode = 1;
  }
}
