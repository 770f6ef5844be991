import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counters of the current minute. Unlogged: a crash of the database may lose them, and writing them stays cheap. */
export class RateLimits1700000001810 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create unlogged table rate_limit (
        key    varchar(255) not null,
        points integer      not null default 0,
        expire bigint,
        constraint rate_limit_pk primary key (key)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table rate_limit');
  }
}
