import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { hostsOf } from '../../../src/platform/database/hosts.js';
import { clientOfPrimary } from '../../../src/platform/database/primary-client.js';

const ASK_AGAIN_MS = 100;

/** The drill's own connection to PostgreSQL, which observes its outages. */
export class DrillDatabase {
  private readonly pool: Pool;
  private readonly firstUrl: string;
  private readonly clients: ReturnType<typeof clientOfPrimary>;

  /** @param url with several hosts: the one that accepts writes is used */
  constructor(url: string) {
    const hosts = hostsOf(url);
    this.firstUrl = hosts.urls[0] ?? url;
    this.clients = clientOfPrimary(hosts);
    this.pool = new Pool({
      connectionString: this.firstUrl,
      Client: this.clients,
      max: 3,
      connectionTimeoutMillis: 2_000,
      query_timeout: 20_000,
      application_name: DRILL_NAME,
    });
    // A cut connection fails the running query; without a listener it would also end the drill.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async read<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.pool.query(text, [...values]);
    return rows as Row[]; // the caller names the columns in the same line as the row type
  }

  /** Repeats the query until it is answered, or the time is over. */
  async readPatiently<Row>(text: string, patienceMs = 60_000): Promise<Row[]> {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      try {
        return await this.read<Row>(text);
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        await sleep(ASK_AGAIN_MS);
      }
    }
  }

  /** A connection that only shows when it is cut. */
  async untilCut(): Promise<{ readonly happened: Promise<void> }> {
    const client = new this.clients({ connectionString: this.firstUrl, application_name: DRILL_NAME });
    const happened = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
    });
    await client.connect();
    return { happened };
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** The application name that distinguishes the drill's own connections from the service's. */
export const DRILL_NAME = 'drill';
