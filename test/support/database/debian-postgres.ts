import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { isRoot, systemAccount, type ServerAccount } from '../../../embedded/postgres/server-account.js';
import { GuardedChild } from '../../../scripts/drill/programs/guarded-child.js';
import { until } from '../service/until.js';
import { askAnew } from './ask.js';

const HOST = '127.0.0.1';
const PASSWORD = 'a-password-of-the-test';
const PATIENCE_MS = 150_000;
const PACKAGES = '/usr/lib/postgresql';

/** Debian's PostgreSQL with its backup programs, which the embedded one lacks. */
export class DebianPostgres {
  /** An empty one, running, that keeps its write-ahead log in `archive`; `directory` exists and is for it alone. */
  static async make(directory: string, archive: string): Promise<DebianPostgres> {
    const account = isRoot() ? await systemAccount(() => undefined) : undefined;
    const server = new DebianPostgres(directory, archive, account, await freePort(HOST, 0));
    await server.give(directory);
    await server.give(archive);
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, PASSWORD);
    const auth = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await server.run('initdb', ['-D', server.data, '-E', 'UTF8', '--locale=C', ...auth]);
    await server.start();
    return server;
  }

  private child: GuardedChild | undefined;
  private said = '';

  private constructor(
    private readonly directory: string,
    private readonly archive: string,
    private readonly account: ServerAccount | undefined,
    private readonly port: number,
  ) {}

  get url(): string {
    return `postgres://postgres:${PASSWORD}@${HOST}:${this.port}/postgres`;
  }

  /** Copies it while it works, without its log, which is in the archive. */
  async baseBackup(directory: string): Promise<void> {
    await this.give(directory);
    const to = join(directory, 'data');
    await this.run('pg_basebackup', ['-d', this.url, '-D', to, '-X', 'none', '--checkpoint=fast']);
  }

  async dump(file: string): Promise<void> {
    await this.run('pg_dump', ['--format=custom', `--file=${file}`, this.url]);
  }

  /** Into this one, which is empty. */
  async restoreDump(file: string): Promise<void> {
    await this.run('pg_restore', ['--exit-on-error', '-d', this.url, file]);
  }

  /**
   * Makes another one from a base backup and the archive of this one, as it was at that time, by the commands of
   * docs/backup.md with the new folder in place of the damaged one. Resolves when it accepts writes.
   */
  async restoredTo(time: string, backup: string, directory: string): Promise<DebianPostgres> {
    const restored = new DebianPostgres(
      directory,
      join(directory, '..', 'archive-after'),
      this.account,
      await freePort(HOST, 0),
    );
    await this.give(restored.archive);
    await this.give(restored.data);
    await writeFile(join(restored.data, 'PG_VERSION'), 'damaged');
    const { uid, gid } = this.account ?? userInfo();
    const commands = (await restoreCommands())
      .replaceAll('/backup/base/2026-03-01', join(backup, 'data'))
      .replaceAll('/backup/wal', this.archive)
      .replaceAll('2026-03-01 14:30:00+08', time)
      .replaceAll('postgres:', `${uid}:${gid}`);
    const env = { PATH: process.env['PATH'], PGDATA: restored.data };
    await promisify(execFile)('sh', ['-c', commands], { env, timeout: PATIENCE_MS });
    await restored.start();
    return restored;
  }

  /** All of its log so far is in the archive. */
  async archiveAll(): Promise<void> {
    type Row = { readonly file: string };
    const [last] = await askAnew<Row>(this.url, 'select pg_walfile_name(pg_switch_wal()) as file');
    await until(
      `${last?.file} is in the archive`,
      async () =>
        (
          await askAnew(this.url, 'select 1 from pg_stat_archiver where last_archived_wal >= $1', [
            last?.file,
          ])
        ).length > 0,
      PATIENCE_MS,
    );
  }

  async stop(signal: 'SIGKILL' | 'SIGINT' = 'SIGINT'): Promise<void> {
    await this.child?.stop(signal);
  }

  /** A folder that the server may write. */
  private async give(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    if (this.account) await chown(folder, this.account.uid, this.account.gid);
  }

  private get data(): string {
    return join(this.directory, 'data');
  }

  private async start(): Promise<void> {
    const settings = {
      listen_addresses: HOST,
      port: String(this.port),
      unix_socket_directories: '',
      timezone: 'UTC',
      // Whole or not at all: an interrupted copy must not be mistaken for the file.
      archive_mode: 'on',
      archive_command: `cp "%p" "${this.archive}/%f.part" && mv "${this.archive}/%f.part" "${this.archive}/%f"`,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = await GuardedChild.start(programOf('postgres'), ['-D', this.data, ...flags], {
      environment: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '' },
      account: this.account,
      onErrorText: (text) => (this.said = (this.said + text).slice(-2_000)),
    });
    child.unref();
    this.child = child;
    const takesWrites = async (): Promise<boolean> => {
      if (!child.isRunning) throw new Error(`PostgreSQL ended: ${this.said}`);
      return askAnew(this.url, 'select 1 where not pg_is_in_recovery()').then(
        (rows) => rows.length > 0,
        () => false,
      );
    };
    await until('PostgreSQL takes writes', takesWrites, PATIENCE_MS);
  }

  private async run(program: string, args: readonly string[]): Promise<void> {
    const env = { LC_ALL: 'C', PATH: process.env['PATH'] };
    await promisify(execFile)(programOf(program), [...args], {
      env,
      cwd: '/',
      timeout: PATIENCE_MS,
      ...this.account,
    });
  }
}

function programOf(name: string): string {
  const [newest] = readdirSync(PACKAGES).toSorted((one, other) => Number(other) - Number(one));
  return join(PACKAGES, newest ?? '', 'bin', name);
}

/** The block that ends with a base backup ready to be started. */
async function restoreCommands(): Promise<string> {
  const page = await readFile('docs/backup.md', 'utf8');
  const blocks = [...page.matchAll(/^ {3}```sh\n([^]*?)^ {3}```$/gm)].map(([, lines = '']) => lines);
  const found = blocks.find((lines) => lines.includes('recovery.signal'));
  if (found === undefined) throw new Error('docs/backup.md has no commands for a restore');
  return found.replaceAll(/^ {3}/gm, '');
}
