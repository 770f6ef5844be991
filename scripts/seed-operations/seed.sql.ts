/**
 * Orders number $1 to $2 of $3, oldest first, over the 400 days before $4, with their scans, histories, debits and
 * notifications.
 * They have everything that makes a search hard in practice: few customers with many orders and many with few, chains
 * of merchants, a currency and an acquirer that were given up 300 days ago, a day 200 days ago on which nothing was
 * acknowledged, and open orders only at the very end.
 */
export const SEED_CHUNK = `
  with drawn as materialized (
    select n, md5(n::text) as h, random() as r_status, random() as r_customer, random() as r_merchant,
      random() as r_acquirer, random() as r_currency, random() as r_amount, random() as r_note, random() as r_scan,
      $4::timestamptz - interval '400 days' * (1 - power(n::float8 / $3::bigint, 0.85)) - random() * interval '1 s' as at
    from generate_series($1::bigint, $2::bigint) n),
  numbered as materialized (
    select *, $4::timestamptz - at as age,
      (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' ||
        substr(h, 4, 15))::uuid as payment_id,
      floor(power(r_customer, 1.5) * greatest($3::bigint / 5, 10))::bigint as customer,
      floor(power(r_merchant, 2) * greatest($3::bigint / 125, 40))::bigint as merchant,
      floor(power(r_acquirer, 2) * 24)::int as acquirer
    from drawn),
  shaped as materialized (
    select *,
      case
        when n > $3::bigint - least($3::bigint / 100, 2000) then
          case when r_status < 0.9 then 'AWAITING_CONFIRMATION' when r_status < 0.95 then 'DEBITING' else 'HELD' end
        when r_status < 0.84 then 'PAID' when r_status < 0.89 then 'FAILED' when r_status < 0.93 then 'DECLINED'
        when r_status < 0.985 then 'EXPIRED' else 'CANCELLED'
      end as status,
      case
        when age > interval '300 days' and r_currency < 0.05 then 'GBP'
        when r_currency < 0.55 then 'HKD' when r_currency < 0.7 then 'CNY' when r_currency < 0.8 then 'USD'
        when r_currency < 0.88 then 'JPY' when r_currency < 0.94 then 'KRW' when r_currency < 0.98 then 'SGD'
        when r_currency < 0.999 then 'EUR' else 'BHD'
      end as currency,
      case when age > interval '300 days' and r_acquirer > 0.7 then '1022188000000000999'
        else '1022188000000000' || lpad(acquirer::text, 3, '0') end as acquirer_id,
      'M' || lpad(merchant::text, 8, '0') as merchant_id,
      (array['Blue', 'Golden', 'Happy', 'Lucky', 'Green', 'Royal', 'City', 'Harbour', '東京', '="Sum', 'O''Neil', 'Café'])
        [1 + merchant % 12] || ' ' ||
      (array['Coffee', 'Noodles', 'Bakery', 'Books', 'Pharmacy', 'Market', 'Taxi', 'Hotel', 'Toys', 'Ramen', 'Tea'])
        [1 + (merchant / 12) % 11] || ' ' || (merchant / 132 / 20) || ', Branch ' || merchant as merchant_name,
      case
        when r_amount < 0.0000005 then 123456789012345678901234567890::numeric
        when r_amount < 0.5 then (1 + floor(r_amount * r_merchant * 400))::numeric * 100
        else ceil(exp(5 + 5 * r_amount * r_note))::numeric
      end as value,
      at + (5 + 200 * r_note) * interval '1 s' as finished
    from numbered),
  orders as (
    insert into payment_order (payment_id, payment_request_id, customer_id, status, scenario, acquirer_id, psp_id,
      reference_order_id, merchant_id, merchant_name, payment_currency, payment_value, pay_to_currency, pay_to_value,
      pay_currency, pay_value, expires_at, notify_url, content, content_sha256, held_reason, debit_count, result_status,
      result_code, result_message, payment_time, cancel_requested_at, created_at, updated_at, finished_at)
    select payment_id, to_char(at, 'YYYYMMDDHH24MISS') || lpad(n::text, 14, '0'), 'customer-' || customer, status,
      case when r_scan < 0.9 then 'MERCHANT_PRESENTED' else 'CASHIER' end, acquirer_id, '1022172000000000001',
      'ORDER-' || merchant || '-' || n, merchant_id, merchant_name, 'JPY', value, currency, value, currency, value,
      at + interval '15 min', 'https://open-sea.alipayplus.com/aps/api/v1/payments/notifyPayment',
      jsonb_build_object('referenceOrderId', 'ORDER-' || merchant || '-' || n, 'orderDescription', 'Order at the till ' || n % 40,
        'promotions', '[]'::jsonb, 'surcharged', false, 'merchant', jsonb_build_object('referenceMerchantId', merchant_id,
          'merchantName', merchant_name, 'merchantMCC', '5411', 'region', 'JP')),
      sha256(h::bytea), case when status = 'HELD' then 'HANDLE_BY_SDK' end, case when status in ('PAID', 'FAILED', 'DEBITING') then 1 else 0 end,
      case when status = 'PAID' then 'S' when is_final then 'F' end,
      case when status = 'PAID' then 'SUCCESS' when status = 'CANCELLED' then 'ORDER_IS_CLOSED' when is_final then 'PROCESS_FAIL' end,
      case when is_final then 'told' end, case when status = 'PAID' then to_char(finished, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end,
      case when status = 'CANCELLED' then finished end, at, case when is_final then finished else at end,
      case when is_final then finished end
    from shaped, lateral (select status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED') as is_final) f),
  unpaid as (
    insert into unpaid_order (status, created_at, payment_id, expires_at, cancel_requested_at)
    select status, at, payment_id, at + interval '15 min', case when status = 'CANCELLED' then finished end
    from shaped where status not in ('DEBITING', 'PAID')),
  histories as (
    insert into payment_history (payment_id, at, event, from_status, to_status, actor)
    select payment_id, line.at, event, from_status, to_status, actor
    from shaped, lateral (
      select at, 'DECODED' as event, null as from_status,
        case status when 'HELD' then 'HELD' else 'AWAITING_CONFIRMATION' end as to_status, 'alipay-plus' as actor
      union all
      select at + (finished - at) / 2, 'CONFIRMED', 'AWAITING_CONFIRMATION', 'DEBITING', 'wallet'
      where status in ('PAID', 'FAILED', 'DEBITING')
      union all
      select finished, case status when 'PAID' then 'DEBITED' when 'FAILED' then 'REFUSED' else status end,
        case when status in ('PAID', 'FAILED') then 'DEBITING' else 'AWAITING_CONFIRMATION' end, status, 'wallet-ledger'
      where status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')) line),
  notes as (
    insert into notification (payment_id, host, url, body, body_sha256, status, tries, next_attempt_at, watch_at,
      gives_up_at, last_outcome, delivered_at, ordered_at, created_at, updated_at)
    select payment_id, 'open-sea.alipayplus.com', 'https://open-sea.alipayplus.com/aps/api/v1/payments/notifyPayment',
      convert_to('{"paymentResult":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"},"paymentRequestId":"' ||
        n || '","paymentId":"' || payment_id || '","customerId":"customer-' || customer || '"}', 'UTF8'), sha256(h::bytea),
      note, case when note = 'DELIVERED' then 1 else 40 end, case when note = 'PENDING' then finished + interval '1 min' end,
      case when note = 'PENDING' then notification_end(finished) - interval '8 hours' end,
      notification_end(finished), case when note = 'DELIVERED' then 'acknowledged' else 'http_status' end,
      case when note = 'DELIVERED' then finished + interval '1 s' end, at, finished,
      finished + interval '1 s'
    from shaped, lateral (select case
        when n > $3::bigint - 2 * least($3::bigint / 100, 2000) and r_note < 0.15 then 'PENDING'
        when r_note < 0.0005 then 'REJECTED'
        when r_note < 0.0015 or age between interval '200 days' and interval '201 days' then 'PARKED'
        else 'DELIVERED' end as note) f
    where status in ('PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED')),
  decoded as (
    insert into scan (scan_id, customer_id, code_hash, request_body, status, payment_id, tries, gives_up_at, created_at,
      updated_at)
    select md5('scan' || n)::uuid, 'customer-' || customer, sha256(convert_to('seed:' || n, 'UTF8')),
      convert_to('{"codeValue":"seed:' || n || '","customerId":"customer-' || customer || '"}', 'UTF8'), 'DECODED',
      payment_id, 1, at + interval '1 min', at - interval '200 ms', at
    from shaped),
  asked as (
    insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, reason, result_code, http_status,
      request_time, key_version)
    select md5('scan' || n)::uuid, attempt, at - (attempts - attempt) * interval '2 s', (40 + 400 * r_note * r_note)::int,
      case when attempt = attempts then 'accepted' else 'unknown' end, case when attempt < attempts then 'timeout' end,
      case when attempt = attempts then 'SUCCESS' end, case when attempt = attempts then 200 end,
      to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '1'
    from shaped, lateral (select case when r_scan > 0.97 then 2 else 1 end as attempts) a,
      generate_series(1, attempts) attempt),
  debits as (
    insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, not_after, status, refusal_code,
      ledger_reference, unknown_reason, tries, next_attempt_at, created_at, updated_at)
    select md5('debit' || n)::uuid, payment_id, 1, 'customer-' || customer, currency, value, at + interval '15 min', debit,
      case when debit = 'REFUSED' then 'INSUFFICIENT_BALANCE' end, case when debit = 'DEBITED' then 'ledger-' || n end,
      case when debit = 'IN_DOUBT' then 'timeout' end, 1, case when debit in ('IN_DOUBT', 'REVERSING') then at end,
      finished - (20 + 180 * r_note) * interval '1 ms', finished
    from shaped, lateral (select case status when 'PAID' then 'DEBITED' when 'FAILED' then 'REFUSED'
      when 'DEBITING' then 'IN_DOUBT'
      when 'CANCELLED' then case when r_note < 0.01 then 'REVERSING' when r_note < 0.3 then 'REVERSED' end end as debit) d
    where debit is not null)
  insert into scan (scan_id, customer_id, code_hash, request_body, status, result_code, unknown_reason, tries,
    next_attempt_at, gives_up_at, created_at, updated_at)
  select md5('lost' || n)::uuid, 'customer-' || customer, sha256(convert_to('lost:' || n, 'UTF8')),
    convert_to('{"codeValue":"lost:' || n || '","customerId":"customer-' || customer || '"}', 'UTF8'), outcome,
    case when outcome = 'REJECTED' then
      case when r_note < 0.6 then 'EXPIRED_CODE' when r_note < 0.999 then 'INVALID_CODE' else 'INVALID_CONTRACT' end end,
    case when outcome = 'GIVEN_UP' then 'timeout' end, 1, case when outcome = 'PENDING' then at end,
    at + interval '1 min', at, at
  from shaped, lateral (select case when n > $3::bigint - least($3::bigint / 100, 2000) then 'PENDING'
    when r_scan < 0.05 then 'REJECTED' else 'GIVEN_UP' end as outcome) f
  where r_scan < 0.06`;

/** Indexes without a constraint: inserts are several times faster without them. */
export const SECONDARY_INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  where i.indrelid in ('payment_order'::regclass, 'unpaid_order'::regclass, 'scan'::regclass, 'notification'::regclass, 'debit'::regclass,
      'decode_exchange'::regclass, 'payment_history'::regclass)
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
  order by 1`;
