import { MemoryBooks } from './memory-books.js';
import { MemoryLedgerServer, sent, type Received, type Sent } from './memory-ledger-server.js';

/** Changes an answer of the books on its way out. */
export type Confusion = (answer: Sent) => Sent;

/** A core that books correctly and then answers whatever the test says. */
export class ConfusedLedger extends MemoryLedgerServer {
  /** For customers without a confusion of their own. */
  confusion: Confusion | undefined;
  /** By customer, so that several can be confused at the same time, each in another way. */
  readonly confusions = new Map<string, Confusion>();

  constructor(
    secret: string,
    readonly kept = new MemoryBooks(),
  ) {
    super(secret, kept);
    kept.open('customer-rich', 'HKD', 10n ** 9n);
  }

  protected override async answer(received: Received): Promise<Sent> {
    const answer = await super.answer(received);
    const confusion = this.confusions.get(this.customerOf(received)) ?? this.confusion;
    return confusion ? confusion(answer) : answer;
  }

  /** The customer of a call; the books find them by the key in the path or the body. */
  private customerOf({ path, body }: Received): string {
    const named = `${path} ${body}`;
    const [, record] = [...this.kept.keys].find(([key]) => named.includes(key)) ?? [];
    return record?.owner.split(' ')[0] ?? '';
  }
}

const changed =
  (change: object): Confusion =>
  ({ text }) =>
    sent(200, { ...(JSON.parse(text) as object), ...change }); // the books write an object

/** By the reason that operators are shown. */
export const CONFUSIONS: Readonly<Record<string, Confusion>> = {
  other_key: changed({ key: 'another' }),
  other_amount: changed({ amount: { currency: 'HKD', value: '1' } }),
  bad_status: changed({ status: 'PERHAPS' }),
  contradictory_answer: changed({ code: 'INSUFFICIENT_BALANCE' }),
  bad_ledger_reference: changed({ ledgerReference: 7 }),
  not_json: () => ({ status: 200, headers: { 'content-type': 'text/html' }, text: '<html>DONE</html>' }),
  unreadable: () => ({ status: 200, headers: { 'content-type': 'application/json' }, text: '{"key":' }),
  redirect: () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' }, text: '' }),
  http_status_404: () => sent(404, { status: 'ABSENT' }),
  http_status_500: () => sent(500, {}),
  oversized: ({ text }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    text: text + ' '.repeat(10_000_000),
  }),
};
