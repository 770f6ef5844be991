import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WorkQueues } from '../queues/work-queues.js';
import { HealthProbes } from './health-probes.js';

/** Readiness asks for what the whole service stands on: without its records it can do nothing, without queues it is slower. */
@Injectable()
export class PartProbes implements OnModuleInit {
  constructor(
    private readonly probes: HealthProbes,
    private readonly database: Database,
    private readonly queues: WorkQueues,
  ) {}

  onModuleInit(): void {
    const { backend } = this.queues;
    this.probes.register({
      name: 'database',
      required: true,
      check: async () => {
        await this.database.run({ name: 'health', text: 'select 1' }, []);
      },
    });
    this.probes.register({ name: 'queues', required: false, check: () => backend.ping() });
  }
}
