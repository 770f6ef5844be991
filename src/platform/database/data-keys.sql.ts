import type { Statement } from './database.js';

/** All data keys, since when each seals, and in how many ms it begins to: null while nothing is sealed yet. */
export const DATA_KEYS: Statement = {
  name: 'data_keys',
  text: `
    select key_id, purpose, wrapping_key, wrapped, created_at, greatest(seals_from, sealed_from) as seals_from,
      data_key.words,
      case when sealed_from is not null then
        (extract(epoch from greatest(seals_from, sealed_from) - db_now()) * 1000)::float8 end as begins_ms
    from data_sealing cross join data_key order by data_key.seals_from`,
};

/** One process at a time makes the first keys. */
export const LOCK_DATA_KEYS: Statement = {
  name: 'data_keys_lock',
  text: `select sealing_id from data_sealing for update`,
};

/**
 * A new key packs what it seals. $1 key_id, $2 purpose, $3 wrapping_key, $4 wrapped, $5 ms until it is used
 */
export const MAKE_DATA_KEY: Statement = {
  name: 'data_key_make',
  text: `
    insert into data_key (key_id, purpose, wrapping_key, wrapped, created_at, seals_from, words)
    select $1, $2, $3, $4, db_now(), db_now() + $5 * interval '1 ms', words from data_sealing`,
};

/** The row of a key that is known: $5 the words it packs with. No row when it is there. */
export const PUT_BACK_DATA_KEY: Statement = {
  name: 'data_key_put_back',
  text: `
    insert into data_key (key_id, purpose, wrapping_key, wrapped, created_at, seals_from, words)
    values ($1, $2, $3, $4, db_now(), db_now(), $5)
    on conflict (key_id) do nothing`,
};

/** $1 key_id, $2 wrapping_key, $3 wrapped */
export const REWRAP_DATA_KEY: Statement = {
  name: 'data_key_rewrap',
  text: `update data_key set wrapping_key = $2, wrapped = $3 where key_id = $1`,
};

/** $1 ms until values are sealed */
export const BEGIN_SEALING: Statement = {
  name: 'data_sealing_begin',
  text: `
    update data_sealing set sealed_from = coalesce(sealed_from, db_now() + $1 * interval '1 ms')
    returning sealed_from`,
};
