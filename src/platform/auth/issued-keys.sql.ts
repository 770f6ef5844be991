import type { Statement } from '../database/database.js';

/** Every key that was made here. */
export const ISSUED_KEYS: Statement = {
  name: 'api_keys',
  text: `select name, sha256, scopes, customer_id, created_at, expires_at from api_key order by name`,
};

export const REVOKED_KEYS: Statement = {
  name: 'api_keys_revoked',
  text: `select sha256 from api_key_state where revoked_at is not null`,
};

export const KEY_STATES: Statement = {
  name: 'api_key_states',
  text: `select sha256, last_used_at, revoked_at from api_key_state`,
};

/** $1 hashes of the keys that were used. */
export const KEYS_USED: Statement = {
  name: 'api_keys_used',
  text: `
    insert into api_key_state as state (sha256, last_used_at)
    select used, db_now() from unnest($1::text[]) used order by used
    on conflict (sha256) do update set last_used_at = excluded.last_used_at`,
};

/** $1 name, $2 hash, $3 scopes, $4 customer, $5 days until it ends; no row when the name is taken. */
export const MAKE_KEY: Statement = {
  name: 'api_key_make',
  text: `
    insert into api_key (name, sha256, scopes, customer_id, created_at, expires_at)
    values ($1, $2, $3, $4, db_now(), db_now() + make_interval(days => $5::int))
    on conflict (name) do nothing returning name, expires_at`,
};

/** $1 name, $2 when it ends; never later than it would end already. */
export const EXPIRE_KEY: Statement = {
  name: 'api_key_expire',
  text: `
    update api_key set expires_at = least(expires_at, $2::timestamptz) where name = $1
    returning name, expires_at`,
};

/** $1 hash */
export const REVOKE_KEY: Statement = {
  name: 'api_key_revoke',
  text: `
    insert into api_key_state as state (sha256, revoked_at) values ($1, db_now())
    on conflict (sha256) do update set revoked_at = coalesce(state.revoked_at, excluded.revoked_at)
    returning revoked_at`,
};

/** Of a person whom the identity provider signed in, however they write their name. $1 person */
export const END_SESSIONS: Statement = {
  name: 'provider_session_end_all',
  text: `delete from provider_session where lower(person) = lower($1) returning session_id`,
};
