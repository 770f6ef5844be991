import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For the console's plots: the last hour of two append-only tables, in the order of time. A block range index (BRIN)
 * has no entry per row and costs the writers next to nothing.
 */
export class LiveFigures1700000000800 implements MigrationInterface {
  readonly name = 'LiveFigures1700000000800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index payment_history_at_ix on payment_history using brin (at) with (pages_per_range = 32, autosummarize);
      create index notification_attempt_finished_ix on notification_attempt using brin (finished_at)
        with (pages_per_range = 32, autosummarize);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index payment_history_at_ix, notification_attempt_finished_ix');
  }
}
