export interface ServerFlagChoices {
  readonly dataDirectory: string;
  readonly port: number;
  readonly durable: boolean;
  readonly keeperPid: number;
}

/** The setting through which a running server says which keeper started it. */
export const KEEPER_PID_SETTING = 'embedded.keeper_pid';

const COMMON: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // A socket path has a limit of about 100 bytes that a deep project folder exceeds; TCP has none.
  unix_socket_directories: '',
  max_connections: '100',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Start-up faults are recognised by their English text.
  lc_messages: 'C',
  logging_collector: 'off',
  log_checkpoints: 'off',
  // Terse leaves out DETAIL, where a violated constraint would print the row's values.
  log_error_verbosity: 'terse',
  jit: 'off',
};

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Command line of the server: it outranks every configuration file, so a start never depends on an earlier one. */
export function serverFlags(choices: ServerFlagChoices): string[] {
  const settings = {
    ...COMMON,
    ...(choices.durable ? DURABLE : FAST),
    port: String(choices.port),
    [KEEPER_PID_SETTING]: String(choices.keeperPid),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', choices.dataDirectory, ...flags];
}

/** The port of the last start, as PostgreSQL wrote it down in its postmaster.opts. */
export function portInFlags(postmasterOpts: string): number | undefined {
  const found = /"port=(\d+)"/.exec(postmasterOpts)?.[1];
  return found === undefined ? undefined : Number(found);
}
