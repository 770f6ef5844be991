import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A key that `npm run keys` made; the token itself is not stored. */
@Entity('api_key')
@Unique('api_key_sha256_uq', ['sha256'])
@Check('api_key_sha256_ck', `sha256 ~ '^[0-9a-f]{64}$'`)
@Check('api_key_scopes_ck', `cardinality(scopes) >= 1`)
export class ApiKeyEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'api_key_pk' })
  readonly name!: string;

  @Column('text')
  readonly sha256!: string;

  @Column('text', { array: true })
  readonly scopes!: readonly string[];

  @Column('text', { name: 'customer_id', nullable: true })
  readonly customerId!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  readonly expiresAt!: Date | null;
}

/** When a key was used last and when it was revoked, whether it comes from the file or from here. */
@Entity('api_key_state')
@Check('api_key_state_sha256_ck', `sha256 ~ '^[0-9a-f]{64}$'`)
export class ApiKeyStateEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'api_key_state_pk' })
  readonly sha256!: string;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  readonly lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  readonly revokedAt!: Date | null;
}

/** A session of the console that was signed out of before its time was over. */
@Entity('ended_session')
class EndedSessionEntity {
  @PrimaryColumn('uuid', { name: 'session_id', primaryKeyConstraintName: 'ended_session_pk' })
  readonly sessionId!: string;

  @Column('timestamptz', { name: 'ended_at' })
  readonly endedAt!: Date;
}

/** A session of somebody who signed in by the identity provider, and what it said of them then. */
@Entity('provider_session')
@Check('provider_session_scopes_ck', `cardinality(scopes) >= 1`)
@Index('provider_session_end_ix', ['endsAt'])
export class ProviderSessionEntity {
  @PrimaryColumn('uuid', { name: 'session_id', primaryKeyConstraintName: 'provider_session_pk' })
  readonly sessionId!: string;

  @Column('text')
  readonly person!: string;

  @Column('text', { array: true })
  readonly scopes!: readonly string[];

  /** A digest of the settings by which they may what they may. */
  @Column('text')
  readonly rules!: string;

  @Column('timestamptz', { name: 'signed_in_at' })
  readonly signedInAt!: Date;

  @Column('timestamptz', { name: 'ends_at' })
  readonly endsAt!: Date;
}

export const ACCESS_ENTITIES = [ApiKeyEntity, ApiKeyStateEntity, EndedSessionEntity, ProviderSessionEntity];
