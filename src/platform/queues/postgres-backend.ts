import {
  assertSchemaCompatibility,
  PostgresConnection,
  PostgresQueueBackend,
  withBackend,
  type BackendFactory,
} from 'bullmq';
import type { Pool } from 'pg';
import { AS_WRITTEN, LIMITS, openPool, SILENCE_MS } from '../database/pool.js';
import { patient } from './patient-backend.js';
import { Asks, QUEUE_OPTIONS, WORKER_OPTIONS, type JobBody, type QueueBackend } from './queue-backend.js';

/** As long as a worker waits that has met no outage. */
const LONGEST_WAIT_SECONDS = 5;

/** Queues in PostgreSQL, on one pool for every queue and worker of the process. */
export function postgresBackend(url: string, schema: string, poolSize: number): QueueBackend {
  const pool = openPool(url, {
    name: 'queues',
    max: poolSize,
    silenceMs: SILENCE_MS,
    // BullMQ's statements name no schema. A job is a hint that may be lost, so nobody waits until it is on the disk; the
    // rows it hints at are committed on another pool, durably.
    session: { ...AS_WRITTEN, ...LIMITS, search_path: schema, synchronous_commit: 'off' },
  });
  const asks = new Asks();
  const classes = withBackend(backendsOn(pool, schema, asks));
  return {
    kind: 'postgres',
    opened: Promise.resolve(),
    asks,
    queue: (name) => new classes.Queue<JobBody>(name, { connection: pool, ...QUEUE_OPTIONS }),
    worker: (name, run, concurrency) =>
      new classes.Worker<JobBody>(name, run, { connection: pool, concurrency, ...WORKER_OPTIONS }),
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

/** Each worker parks one connection of the pool on LISTEN, under the name of its queue. */
function backendsOn(pool: Pool, schema: string, asks: Asks): BackendFactory<PostgresQueueBackend, Pool> {
  return (name, options, { withBlockingConnection = false } = {}) =>
    patient(
      new SharedPoolBackend(
        new SharedPoolConnection(pool, schema),
        name,
        { ...options, connection: bullPool(pool) },
        true,
        withBlockingConnection ? name : undefined,
      ),
      asks.of(name),
    );
}

/** Also ends the wait for a job when it is closed by force, which BullMQ's own leaves behind for up to an hour. */
class SharedPoolBackend extends PostgresQueueBackend {
  /**
   * In seconds. After an outage BullMQ would wait for a notice of the next job for an hour, whatever was added while nobody
   * listened: its look at what waits already may have failed by the same outage, and it passes over that.
   */
  override get maximumBlockTimeout(): number {
    return LONGEST_WAIT_SECONDS;
  }

  override async close(force?: boolean): Promise<void> {
    await this.disconnectBlocking();
    await super.close(force);
  }
}

/**
 * BullMQ's own connection takes a pool to belong to its default schema, and remembers a first failed query of the
 * schema for as long as it lives.
 */
class SharedPoolConnection extends PostgresConnection {
  override readonly schema: string;
  private look: Promise<void> | undefined;

  constructor(pool: Pool, schema: string) {
    super(bullPool(pool));
    this.schema = schema;
  }

  override waitUntilReady(): Promise<void> {
    this.look ??= this.lookAtSchema().catch((error: unknown) => {
      this.look = undefined;
      throw error;
    });
    return this.look;
  }

  private async lookAtSchema(): Promise<void> {
    await assertSchemaCompatibility(this.pool, this.schema);
  }
}

/** BullMQ recognises a Pool by its methods; its own declaration of one is narrower than pg's. */
function bullPool(pool: Pool): PostgresConnection['pool'] {
  return pool as unknown as PostgresConnection['pool']; // the very class BullMQ's declaration describes
}
