import { ask } from '../compare/ask.js';
import { openCustomers } from '../compare/ground.js';

/** Scans of a database in use: more of the existing customers and merchants. */
export interface LikelyScans {
  readonly payers: readonly string[];
  /** The answers of Alipay+ to each, for the stand-in. */
  readonly scripts: readonly string[];
}

interface Known {
  readonly customer_id: string;
  readonly merchant_id: string;
  readonly merchant_name: string;
  readonly acquirer_id: string;
  readonly value: string;
}

/**
 * Customers, merchants and amounts of existing orders, at random: with a few of each, all new index entries would go to
 * the same few pages, however large the index is. Their accounts are open, as those of customers who have paid before.
 */
export async function likelyScans(url: string, orders: number, count: number): Promise<LikelyScans> {
  const percent = Math.min(100, (300 * count) / orders);
  const known = await ask<Known>(
    url,
    `select customer_id, merchant_id, merchant_name, acquirer_id, least(greatest(pay_value, 10), 1000000)::text as value
     from payment_order tablesample system (${percent}) where merchant_id is not null order by random() limit $1`,
    [count],
  );
  const payers = known.map(({ customer_id }) => customer_id);
  await openCustomers(url, [...new Set(payers)]);
  await ask(url, `select ledger_open_account(id, 'HKD') from unnest($1::text[]) id`, [[...new Set(payers)]]);
  return { payers, scripts: Array.from({ length: count }, (_, at) => scriptOf(known[at % known.length])) };
}

function scriptOf(known: Known | undefined): string {
  if (!known) throw new Error('there are no orders to go by');
  const { merchant_id: merchantId, merchant_name: name, acquirer_id: acquirerId, value } = known;
  return [
    `twin:S;pay=${value}JPY;rate=8.5614;promo=5JPY;expire=2h`,
    `merchant=${encodeURIComponent(name)}`,
    `set=order.merchant.referenceMerchantId:${encodeURIComponent(JSON.stringify(merchantId))}`,
    `set=acquirerId:${encodeURIComponent(JSON.stringify(acquirerId))}`,
  ].join(';');
}
