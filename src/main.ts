import { isatty } from 'node:tty';
import { failureSentence } from '../command-line/failure-sentence.js';
import { newCommand, runCommand } from '../command-line/run-command.js';
import { type LoadedSettings, SettingsError } from './platform/config/load-settings.js';
import { errorCodeOf } from './platform/error-code.js';
import { HttpSettings } from './platform/http/http.settings.js';
import { EventLog } from './platform/logging/event-log.js';
import { openLogDestination, type StandardOutput } from './platform/logging/log-destination.js';
import { LoggingSettings, type LogLevelName } from './platform/logging/logging.settings.js';
import { EXIT_CODES, ProcessLife, surviveLostOutputs, type Starting } from './process-life.js';
import { misspeltNames, readSettings } from './settings.js';
import { startMissingParts } from './start-missing-parts.js';
import { startService } from './start-service.js';
import { openTracing } from './platform/tracing/open-tracing.js';

/** Starts what the environment describes, and stops it all in order on a signal. */
async function main(): Promise<void> {
  surviveLostOutputs();
  const wanted = readSettings(process.env);
  const output = openOutput(wanted);
  const log = new EventLog(wanted.get(LoggingSettings), output);
  changeLevelBySignal(log, wanted.get(LoggingSettings).level);
  for (const { name, nearest } of misspeltNames(process.env))
    log.warn('setting.unknown', { setting: name, nearest });
  const { shutdownDelayMs, shutdownGraceMs } = wanted.get(HttpSettings);
  const life = new ProcessLife({
    log,
    graceMs: shutdownDelayMs + shutdownGraceMs,
    start: (starting) => start(wanted, log, output, starting),
    isAtTerminal: [0, 1, 2].some((stream) => isatty(stream)),
    explained,
  });
  await life.run();
}

/** SIGUSR2: to debug and back, without a restart. */
function changeLevelBySignal(log: EventLog, usual: LogLevelName): void {
  process.on('SIGUSR2', () => log.setLevel(log.level === 'debug' ? usual : 'debug', 'SIGUSR2'));
}

async function start(
  wanted: LoadedSettings,
  log: EventLog,
  output: StandardOutput,
  { stopAsked, onStop, onReload }: Starting,
): Promise<void> {
  const embedded = await startMissingParts(wanted, process.env, log, stopAsked);
  if (embedded) onStop(() => embedded.stop());
  stopAsked.throwIfAborted();
  const settings = readSettings({ ...process.env, ...embedded?.environment });
  const tracing = await openTracing(process.env, log, 'mpp-payments');
  onStop(() => tracing.stop());
  const service = await startService(settings, log, stopAsked, tracing);
  onStop(() => service.stop());
  onReload(() => service.reloadKeys('SIGHUP'));
  stopAsked.throwIfAborted();
  if (embedded) output.print(embedded.banner(service, settings));
}

/** A person at a terminal who asked for nothing gets text. */
function openOutput(settings: LoadedSettings): StandardOutput {
  const isForPeople = process.env.LOG_FORMAT === undefined && isatty(1);
  return openLogDestination(isForPeople ? 'text' : settings.get(LoggingSettings).format);
}

/** What the reader can fix; for everything else the log says more. */
function explained(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // By its name: the class is in the folder that a production image does not carry.
  if (error instanceof SettingsError || error.name === 'EmbeddedPostgresError') return error.message;
  if (errorCodeOf(error.cause) === 'ERR_DLOPEN_DISABLED') return NO_ADDONS;
  return errorCodeOf(error) === 'ERR_ACCESS_DENIED' ? notPermitted(error) : undefined;
}

const NO_ADDONS =
  "Node.js was started with its permission model, which denies native code, and the console's sessions need it; allow it " +
  'with --allow-addons, or set CONSOLE=false.';

/** Node.js names the permission and, for a file, the path. */
function notPermitted(error: Error): string {
  const [permission, resource] = ['permission', 'resource'].map((name) =>
    String(Reflect.get(error, name) ?? ''),
  );
  const what = resource === '' ? permission : `${permission} of ${resource}`;
  return `Node.js was started with its permission model, which denies ${what}; allow it, or start without.`;
}

export const command = newCommand(
  'mpp start',
  'Runs the service until SIGTERM or SIGINT. What is not configured is started beside it.',
)
  .addHelpText('after', '\nEverything is set by environment variables; docs/settings.md lists them.')
  .action(() =>
    main().catch((error: unknown) => {
      process.stderr.write(`Cannot start. ${explained(error) ?? failureSentence(error)}\n`);
      process.exit(EXIT_CODES.cannotStart);
    }),
  );

const exitCode = await runCommand(command, process.argv.slice(2));
if (exitCode !== 0) process.exit(exitCode);
