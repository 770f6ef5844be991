import type { Statement } from '../../platform/database/database.js';

export const KEEP_INBOUND: Statement = {
  name: 'inbound_keep',
  text: `
    insert into inbound_exchange (api, payment_request_id, received_at, request_time, request, answer, result_status,
      result_code, payment_status, payment_code)
    values ($1, $2, db_now(), $3, $4, $5, $6, $7, $8, $9)`,
};
