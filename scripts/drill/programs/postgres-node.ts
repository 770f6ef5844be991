import { execFile } from 'node:child_process';
import { lchown, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../../embedded/postgres/free-port.js';
import { ensureCluster, SUPERUSER } from '../../../embedded/postgres/initialise-cluster.js';
import { programOf } from '../../../embedded/postgres/postgres-binaries.js';
import { serverFlags } from '../../../embedded/postgres/server-flags.js';
import { settleHome, type ServerHome } from '../../../embedded/postgres/server-home.js';
import { GuardedChild } from './guarded-child.js';

const HOST = '127.0.0.1';
const PATIENCE_MS = 60_000;
const ASK_AGAIN_MS = 50;

/** The settings of a server that may have a standby. */
const REPLICATION: Readonly<Record<string, string>> = {
  wal_level: 'replica',
  max_wal_senders: '8',
  // A standby made from a copy catches up from the beginning of the copy.
  wal_keep_size: '1GB',
  hot_standby: 'on',
  wal_receiver_timeout: '5s',
  wal_retrieve_retry_interval: '200ms',
};

/** One PostgreSQL of a pair, in a folder and on a port of its own. */
export class PostgresNode {
  /** An empty one, running. */
  static async make(directory: string, log: (text: string) => void): Promise<PostgresNode> {
    const home = await settleHome(directory, log);
    const signal = new AbortController().signal;
    const password = await ensureCluster({ home, durable: true, signal, log });
    const node = new PostgresNode(home, password, await freePort(HOST, 0), log);
    await node.start();
    return node;
  }

  private child: GuardedChild | undefined;

  private constructor(
    private readonly home: ServerHome,
    private readonly password: string,
    readonly port: number,
    private readonly log: (text: string) => void,
  ) {}

  get url(): string {
    return `postgres://${SUPERUSER}:${this.password}@${HOST}:${this.port}/postgres`;
  }

  /** Resolves when it accepts connections. */
  async start(): Promise<void> {
    const { home, port } = this;
    const { dataDirectory } = home;
    const flags = serverFlags({ dataDirectory, port, durable: true, keeperPid: process.pid });
    const more = Object.entries(REPLICATION).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = await GuardedChild.start(programOf(home.binaries, 'postgres'), [...flags, ...more], {
      environment: { LC_ALL: 'C', TZ: 'UTC' },
      account: home.account,
      onErrorText: this.log,
    });
    child.unref();
    this.child = child;
    await this.askPatiently('select 1');
    void child.exited.then(async () => {
      // Its owner did not end it: it comes back, as under any supervisor.
      if (this.child === child) await this.start();
    });
  }

  /** Kills it as a machine dies, and prevents it from ever coming back. */
  async killAndFence(): Promise<void> {
    await this.stop('SIGKILL');
    await rename(this.home.dataDirectory, `${this.home.dataDirectory}.fenced`);
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    await child?.stop(signal);
  }

  /** Makes another node from a copy of this one, while it works; the new one follows it. */
  async makeStandby(directory: string): Promise<PostgresNode> {
    const home: ServerHome = { ...this.home, wanted: directory, dataDirectory: directory };
    const standby = new PostgresNode(home, this.password, await freePort(HOST, 0), this.log);
    await rm(directory, { recursive: true, force: true });
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(`select pg_backup_start('standby', true)`);
      await copyWhileWritten(this.home.dataDirectory, directory);
      const { rows } = await client.query<{ labelfile: string }>(
        'select labelfile from pg_backup_stop(false)',
      );
      await standby.write('backup_label', rows[0]?.labelfile ?? '');
    } finally {
      await client.end();
    }
    await standby.write('standby.signal', '');
    await standby.write('postgresql.auto.conf', `primary_conninfo = '${this.conninfo()}'\n`);
    await standby.start();
    return standby;
  }

  async ask<Row>(text: string): Promise<Row[]> {
    const client = new Client({
      connectionString: this.url,
      connectionTimeoutMillis: 2_000,
      query_timeout: 10_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query(text);
      return rows as Row[]; // the caller names the columns in the same line as the row type
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Repeats until it gives a row. */
  async askPatiently(text: string): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const rows = await this.ask(text).catch((error: unknown) => {
        if (Date.now() > giveUpAt) throw error;
        return [];
      });
      if (rows.length > 0) return;
      if (Date.now() > giveUpAt)
        throw new Error(`PostgreSQL on port ${this.port} never gave a row for: ${text}`);
      await sleep(ASK_AGAIN_MS);
    }
  }

  private conninfo(): string {
    return `host=${HOST} port=${this.port} user=${SUPERUSER} password=${this.password} application_name=standby`;
  }

  private async write(name: string, text: string): Promise<void> {
    const file = join(this.home.dataDirectory, name);
    await writeFile(file, text, { mode: 0o600 });
    const { account } = this.home;
    if (account !== undefined) await lchown(file, account.uid, account.gid);
  }
}

/** Files of a data directory that belong to the running server, and not to a copy. */
const ITS_OWN = ['postmaster.pid', 'postmaster.opts'];
const ITS_OWN_INSIDE = ['pg_wal', 'pg_replslot', 'pg_stat_tmp', 'pg_dynshmem'];

/** Files may disappear while they are copied; the log of the server makes up for it. */
async function copyWhileWritten(from: string, to: string): Promise<void> {
  const copy = 'cp -a "$1" "$2" 2>/dev/null; test -f "$2/PG_VERSION"';
  await promisify(execFile)('/bin/sh', ['-c', copy, 'sh', from, to]);
  for (const name of ITS_OWN) await rm(join(to, name), { force: true });
  for (const folder of ITS_OWN_INSIDE) {
    for (const entry of await readdir(join(to, folder), { withFileTypes: true })) {
      if (entry.isFile() || folder === 'pg_replslot') {
        await rm(join(to, folder, entry.name), { recursive: true, force: true });
      }
    }
  }
}
