import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createPostgresBackend, withBackend } from 'bullmq';
import { setting } from '../floor/setting.js';

const { Queue } = withBackend(createPostgresBackend);

/** A worker sends notifications. The queue is in PostgreSQL, as the service's own in the same bench. */
@Injectable()
export class NotifyQueue implements OnModuleDestroy {
  private readonly queue = new Queue('notify', {
    connection: { connectionString: setting('DATABASE_URL'), migrate: true },
  });

  async add(paymentId: string): Promise<void> {
    const retry = { attempts: 10, backoff: { type: 'exponential', delay: 1_000 } };
    await this.queue.add('notify', { paymentId }, { ...retry, removeOnComplete: true });
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue.close();
  }
}
