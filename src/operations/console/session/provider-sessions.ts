import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TokenCheck } from '../../../platform/auth/caller.js';
import type { ProviderSessionEntity } from '../../../platform/auth/issued-keys.entities.js';
import type { RowOf } from '../../../platform/database/columns.js';
import { Database, type Statement } from '../../../platform/database/database.js';
import { ProviderSettings } from '../provider/provider.settings.js';

/** $1 session_id, $2 person, $3 scopes, $4 rules, $5 how many hours it lasts */
const OPEN: Statement = {
  name: 'provider_session_open',
  text: `
    with over as (delete from provider_session where ends_at < db_now())
    insert into provider_session (session_id, person, scopes, rules, signed_in_at, ends_at)
    values ($1, $2, $3, $4, db_now(), db_now() + make_interval(hours => $5))`,
};

const READ: Statement = {
  name: 'provider_session_read',
  text: `
    select person, scopes, rules, ends_at <= db_now() as is_over, ends_at - signed_in_at < interval '1 day' as is_shift
    from provider_session where session_id = $1`,
};

const CLOSE: Statement = {
  name: 'provider_session_close',
  text: `delete from provider_session where session_id = $1`,
};

interface ReadRow extends Pick<RowOf<ProviderSessionEntity>, 'person' | 'scopes' | 'rules'> {
  readonly is_over: boolean;
  readonly is_shift: boolean;
}

/**
 * The sessions of people signed in by the identity provider. The provider's own token lasts only minutes, so its claims
 * are kept here. With the secret of the cookies alone nobody can make a session, and deleting a row ends one.
 */
@Injectable()
export class ProviderSessions {
  private readonly rules: string;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly database: Database,
  ) {
    this.rules = digestOf(settings);
  }

  async open(sessionId: string, person: string, scopes: readonly string[], hours: number): Promise<void> {
    await this.database.run(OPEN, [sessionId, person, scopes, this.rules, hours]);
  }

  async check(sessionId: string): Promise<TokenCheck> {
    const { clientId } = this.settings;
    const [row] = await this.database.run<ReadRow>(READ, [sessionId]);
    if (row === undefined || clientId === undefined) return { outcome: 'refused', reason: 'SESSION_UNKNOWN' };
    if (row.is_over) return { outcome: 'refused', reason: row.is_shift ? 'SESSION_ENDED' : 'SESSION_OVER' };
    if (row.rules !== this.rules) return { outcome: 'refused', reason: 'RULES_CHANGED' };
    return {
      outcome: 'known',
      principal: { name: clientId, subject: row.person, scopes: new Set(row.scopes) },
    };
  }

  async close(sessionId: string): Promise<void> {
    await this.database.run(CLOSE, [sessionId]);
  }
}

/**
 * A digest of the rules that opened a session. When the groups or the provider change, its scopes are no longer
 * certain.
 */
function digestOf(settings: ProviderSettings): string {
  const { issuer, clientId, personClaim, groupsClaim, otherAudiences } = settings;
  const { operateGroups, approveGroups, watchGroups, rawGroups } = settings;
  const rules = [
    [issuer, clientId, personClaim, groupsClaim],
    ...[otherAudiences, operateGroups, approveGroups, watchGroups, rawGroups].map((one) => one ?? []),
  ];
  return createHash('sha256').update(JSON.stringify(rules)).digest('base64url');
}
