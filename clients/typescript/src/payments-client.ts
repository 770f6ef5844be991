import type { ConfirmPayment, Payment, PaymentPage, PaymentStatus, Scan, ScanRequest } from './api.js';
import { pause } from './pause.js';
import { Transport, type Answer, type CallOptions, type PaymentsClientOptions } from './transport.js';

export type * from './api.js';
export { NoAnswer, PaymentsProblem } from './problem.js';
export type { CallOptions, PaymentsClientOptions, Retry } from './transport.js';

export interface WaitOptions extends CallOptions {
  /** Waits up to this many ms, 30000 at most, for an answer that is no longer pending. */
  readonly waitMs?: number;
}

export interface ConfirmOptions extends CallOptions, Pick<ConfirmPayment, 'proofs' | 'quoteId'> {}

export interface SettleOptions {
  /** How long to wait for the end of a debit before the payment is returned as it stands; 60 seconds when left out. */
  readonly withinMs?: number;
}

export interface PaymentsQuery {
  /** May be left out when the token is made for one customer. */
  readonly customerId?: string;
  readonly status?: readonly PaymentStatus[];
  /** Only what was scanned at or after it. */
  readonly from?: Date;
  /** Only what was scanned before it. */
  readonly to?: Date;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** Payments of a page, 1 to 100. */
  readonly limit?: number;
}

const LONG_POLL_MS = 20_000;
/** Between two questions, when the service does not say. */
const USUAL_PAUSE_MS = 1000;
const ID = /^[\w-]{1,64}$/;

/**
 * What a wallet app, or its back end, asks of the service. Every call may be repeated, and is repeated by itself while the
 * service cannot be reached or asks for it; a refusal is thrown as `PaymentsProblem`.
 *
 * @example
 * const client = new PaymentsClient({ baseUrl: 'https://payments.wallet.example', token });
 * const payment = await client.scanAndWait({ codeValue, customerId });
 * // show payment.merchant and payment.payAmount.display; when the payer says yes:
 * const paid = await client.confirmAndWait(payment);
 */
export class PaymentsClient {
  readonly #transport: Transport;

  constructor(options: PaymentsClientOptions) {
    this.#transport = new Transport(options);
  }

  /** Sends what the payer scanned. `PENDING`: Alipay+ does not know yet, go on with `readScan`. */
  async scan(request: ScanRequest, options: CallOptions = {}): Promise<Scan> {
    return (await this.#scan(request, options)).body;
  }

  async readScan(scanId: string, options: WaitOptions = {}): Promise<Scan> {
    return (await this.#readScan(scanId, options)).body;
  }

  /** Scans, and waits until it is known what the code means: the payment to show. A refusal is thrown. */
  async scanAndWait(request: ScanRequest, options: CallOptions = {}): Promise<Payment> {
    let answer = await this.#scan(request, options);
    while (answer.body.status === 'PENDING') {
      const { scanId } = answer.body;
      answer = await this.#unhurried(answer, options, () =>
        this.#readScan(scanId, { ...options, waitMs: LONG_POLL_MS }),
      );
    }
    return answer.body.payment;
  }

  async payment(paymentId: string, options: WaitOptions = {}): Promise<Payment> {
    return (await this.#payment(paymentId, options)).body;
  }

  /** The payer's yes to what was shown: give the payment as it was shown. `PAID`, or `DEBITING` while it is on its way. */
  async confirm(
    shown: Pick<Payment, 'paymentId' | 'payAmount'>,
    options: ConfirmOptions = {},
  ): Promise<Payment> {
    return (await this.#confirm(shown, options)).body;
  }

  /**
   * Confirms, and waits until the payment is paid or has failed. One that is still `DEBITING` after `withinMs` is returned
   * like that: it is on its way, and neither paid nor failed.
   */
  async confirmAndWait(
    shown: Pick<Payment, 'paymentId' | 'payAmount'>,
    { withinMs = 60_000, ...options }: ConfirmOptions & SettleOptions = {},
  ): Promise<Payment> {
    const until = Date.now() + withinMs;
    let answer = await this.#confirm(shown, options);
    while (answer.body.status === 'DEBITING' && Date.now() < until) {
      const waitMs = Math.min(LONG_POLL_MS, Math.max(1, until - Date.now()));
      answer = await this.#unhurried(answer, options, () =>
        this.#payment(shown.paymentId, { ...options, waitMs }),
      );
    }
    return answer.body;
  }

  /** The payer's no. */
  async decline(paymentId: string, options: CallOptions = {}): Promise<Payment> {
    const path = `/v1/payments/${known(paymentId)}/decline`;
    return (await this.#transport.call<Payment>({ ...callOptions(options), method: 'POST', path })).body;
  }

  /** One page of a customer's payments, the newest first. */
  async payments(query: PaymentsQuery, options: CallOptions = {}): Promise<PaymentPage> {
    const path = `/v1/payments${queryText({
      customerId: query.customerId,
      status: query.status?.join(','),
      from: query.from?.toISOString(),
      to: query.to?.toISOString(),
      cursor: query.cursor,
      limit: query.limit?.toString(),
    })}`;
    return (await this.#transport.call<PaymentPage>({ ...callOptions(options), method: 'GET', path })).body;
  }

  /** Every payment of a customer, the newest first; pages are read as they are needed. */
  async *allPayments(
    query: Omit<PaymentsQuery, 'cursor'>,
    options: CallOptions = {},
  ): AsyncGenerator<Payment, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.payments(cursor === undefined ? query : { ...query, cursor }, options);
      yield* page.payments;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  #scan({ codeValue, customerId, passThroughInfo, indirectMpp }: ScanRequest, options: CallOptions) {
    const body = { codeValue, customerId, passThroughInfo, indirectMpp };
    return this.#transport.call<Scan>({ ...callOptions(options), method: 'POST', path: '/v1/scans', body });
  }

  #readScan(scanId: string, options: WaitOptions) {
    return this.#read<Scan>(`/v1/scans/${known(scanId)}`, options);
  }

  #payment(paymentId: string, options: WaitOptions) {
    return this.#read<Payment>(`/v1/payments/${known(paymentId)}`, options);
  }

  #confirm({ paymentId, payAmount }: Pick<Payment, 'paymentId' | 'payAmount'>, options: ConfirmOptions) {
    if (payAmount === undefined) throw new TypeError('this payment has no payAmount; it cannot be confirmed');
    const { quoteId, proofs } = options;
    const body = { payAmount: { currency: payAmount.currency, value: payAmount.value }, quoteId, proofs };
    const path = `/v1/payments/${known(paymentId)}/confirm`;
    return this.#transport.call<Payment>({ ...callOptions(options), method: 'POST', path, body });
  }

  #read<Body>(path: string, { waitMs = 0, ...options }: WaitOptions) {
    const query = queryText({ waitMs: waitMs > 0 ? String(Math.ceil(waitMs)) : undefined });
    return this.#transport.call<Body>({
      ...callOptions(options),
      method: 'GET',
      path: `${path}${query}`,
      waitMs,
    });
  }

  /** Asks again, but never at once: a service that ends its long polls early is not asked in a circle. */
  async #unhurried<Body>(
    before: Answer<Body>,
    { signal }: CallOptions,
    ask: () => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> {
    const began = Date.now();
    const answer = await ask();
    const stands = (answer.body as { status: string }).status;
    if (stands !== 'PENDING' && stands !== 'DEBITING') return answer;
    const pauseMs = answer.retryAfterMs ?? before.retryAfterMs ?? USUAL_PAUSE_MS;
    await pause(Math.max(0, pauseMs - (Date.now() - began)), signal);
    return answer;
  }
}

/** An id of another kind would lead to another address. */
function known(id: string): string {
  if (!ID.test(id)) throw new TypeError('ids are letters, digits and dashes, up to 64');
  return id;
}

function callOptions({ signal, requestId }: CallOptions): CallOptions {
  return { ...(signal && { signal }), ...(requestId !== undefined && { requestId }) };
}

function queryText(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
