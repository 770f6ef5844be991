import type { Statement } from '../../platform/database/database.js';

/**
 * How often Alipay+ may be asked again, by all processes together: `decode_budget.free_at` is when the next call may
 * begin, and every call moves it on by the gap between two. The statements that use these parts have `now` and the
 * tables `decode_budget` and `decode_pause` at hand.
 */

/** Unused calls are made up for within this time, and are lost after it: no burst follows a quiet hour. */
const KEPT = `interval '500 ms'`;

/**
 * Neither a call nor a pause moves it so far: the clock was set back, and calls must not wait until it has caught up.
 */
const IS_ASTRAY = `free_at > now + interval '10 s'`;

export const HAS_FREE_CALL = `(free_at <= now or ${IS_ASTRAY})`;

/** From when on calls are free; after a pause of the fleet none are made up for. */
export const FREE_FROM = `greatest(until, case when ${IS_ASTRAY} then now else greatest(free_at, now - ${KEPT}) end)`;

/** No process asks before then; of two pauses at once the later one counts. */
export const PAUSE_DECODING: Statement = {
  name: 'decode_pause',
  text: `update decode_pause set until = greatest(until, db_now() + $1 * interval '1 ms') where pause_id = 1`,
};
