import { readFile } from 'node:fs/promises';
import { newCommand, runCommand } from '../command-line/run-command.js';
import { helpMarkdown, helpText } from './help.js';
import { readSettings, type TwinSettings } from './settings.js';
import { mppEnvironment, standAlone, type StandAlone } from './stand-alone.js';
import { startTwin, type RunningTwin } from './start-twin.js';

export const command = newCommand('mpp twin', 'Plays Alipay+ towards an MPP on this machine.')
  .option('--json', 'one line of JSON on standard output and nothing else, also when keys had to be made')
  .option('--markdown', 'print the help as the section of twin/README.md and do nothing else')
  .addHelpText('after', () => `\n${helpText()}`)
  .action(async ({ json = false, markdown = false }) => {
    if (markdown) process.stdout.write(helpMarkdown());
    else await play(json);
  });

async function play(isJson: boolean): Promise<void> {
  const settings = readSettings(process.env);
  const alone = settings.privateKeyFiles === null ? await standAlone(settings) : null;
  const starting = startWithFiles(alone?.settings ?? settings);
  stopWhenTold(starting);
  announce(await starting, alone, isJson);
}

async function startWithFiles(settings: TwinSettings): Promise<RunningTwin> {
  const { privateKeyFiles, mppPublicKeyFiles, ...rest } = settings;
  return startTwin({
    ...rest,
    privateKey: await textsOf(privateKeyFiles),
    mppPublicKey: await textsOf(mppPublicKeyFiles),
  });
}

async function textsOf(files: ReadonlyMap<string, string> | null): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [version, path] of files ?? []) texts[version] = await readFile(path, 'utf8');
  return texts;
}

/** One line for the program that started us; for a person, the next steps. */
function announce(twin: RunningTwin, alone: StandAlone | null, isJson: boolean): void {
  const environment = alone && mppEnvironment(twin, alone);
  const ready = { event: 'ready', url: twin.url, ...(isJson && environment ? { environment } : {}) };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  if (environment === null || isJson) return;
  const lines = Object.entries(environment).map(([name, value]) => `  export ${name}=${value}`);
  process.stderr.write(
    `\nThe twin plays Alipay+ at ${twin.url}. An MPP talks to it with:\n\n${lines.join('\n')}\n\n` +
      `To be called back, tell the twin where the MPP lives: TWIN_MPP_BASE_URL.\n` +
      `Scan twin:S#1 to begin with; ${twin.url}/_twin explains the rest.\n`,
  );
}

/** Shorter than the time its parent waits before it kills. */
const STOP_TIMEOUT_MS = 4_000;

const STARTED_WITH_CHANNEL = process.connected;

/** The program that started the twin may die at any moment, even during the start; then the channel closes. */
function stopWhenTold(starting: Promise<RunningTwin>): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    // A start or a journal that hangs must not stop it.
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    void starting.then((twin) => twin.close()).finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, stop);
  process.once('disconnect', stop);
  if (STARTED_WITH_CHANNEL && !process.connected) stop();
}

// The reader of its output may be gone; it goes on until a signal stops it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const exitCode = await runCommand(command, process.argv.slice(2));
if (exitCode !== 0) process.exit(exitCode);
