import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Access changes that all processes must know at once: keys made or revoked, and sessions that ended. */
export class Access1700000001800 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table api_key (
        name        text        not null,
        sha256      text        not null,
        scopes      text[]      not null,
        customer_id text,
        created_at  timestamptz not null,
        expires_at  timestamptz,
        constraint api_key_pk primary key (name),
        constraint api_key_sha256_uq unique (sha256),
        constraint api_key_sha256_ck check (sha256 ~ '^[0-9a-f]{64}$'),
        constraint api_key_scopes_ck check (cardinality(scopes) >= 1)
      );
      -- Every key that was used or revoked, also one in API_KEYS_FILE; a key is stored as its hash, never itself.
      create table api_key_state (
        sha256       text not null,
        last_used_at timestamptz,
        revoked_at   timestamptz,
        constraint api_key_state_pk primary key (sha256),
        constraint api_key_state_sha256_ck check (sha256 ~ '^[0-9a-f]{64}$')
      );
      create table ended_session (
        session_id uuid        not null,
        ended_at   timestamptz not null,
        constraint ended_session_pk primary key (session_id)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table ended_session, api_key_state, api_key');
  }
}
