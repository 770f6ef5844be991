import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The span that wrote a row, as a `traceparent`, so that later work leads back to it. Null while tracing is off. */
export class TraceParents1700000002800 implements MigrationInterface {
  readonly name = 'TraceParents1700000002800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scan add column traceparent text');
    await runner.query('alter table payment_order add column traceparent text');
    await runner.query('alter table notification add column traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notification drop column traceparent');
    await runner.query('alter table payment_order drop column traceparent');
    await runner.query('alter table scan drop column traceparent');
  }
}
