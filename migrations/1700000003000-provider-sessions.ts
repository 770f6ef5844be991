import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People signed in to the console by the identity provider, with its claims at the sign-in, until the session ends. */
export class ProviderSessions1700000003000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table provider_session (
        session_id   uuid        not null,
        person       text        not null,
        scopes       text[]      not null,
        rules        text        not null,
        signed_in_at timestamptz not null,
        ends_at      timestamptz not null,
        constraint provider_session_pk primary key (session_id),
        constraint provider_session_scopes_ck check (cardinality(scopes) >= 1)
      );
      create index provider_session_end_ix on provider_session (ends_at);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table provider_session');
  }
}
