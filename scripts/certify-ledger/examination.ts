import { randomUUID } from 'node:crypto';
import type {
  LedgerAnswer,
  LedgerDebit,
  LedgerLookup,
  LedgerRefund,
  LedgerRefusalCode,
} from '../../src/wallet-ledger/wallet-ledger.js';
import { inWords, onTheWire, quoted } from './answer-words.js';
import { CheckFailure } from './check-failure.js';
import { CheckSkipped } from './check-skipped.js';
import { statusWord, type CoreClient, type Reply } from './core-client.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import { aThrowawayDebit, type Purse } from './purse.js';
import type { Exchange, WireRequest } from './wire-exchange.js';

/** The value of a debit when it does not matter; the required balance is enough for many of them. */
export const SMALL_VALUE = 7n;

/** The tools of one running check: it calls, compares, and remembers the debits to give back afterwards. */
export class Examination {
  readonly unproven: string[] = [];
  private readonly held = new Set<string>();

  constructor(readonly ledger: LedgerUnderTest) {}

  get client(): CoreClient {
    return this.ledger.client;
  }

  /** Of the payer, or, where none is given, of a customer that the ledger does not know. */
  aDebit(change: Partial<LedgerDebit> = {}): LedgerDebit {
    const { payer, nobody, currency } = this.ledger;
    const amount = { currency, value: SMALL_VALUE };
    return aThrowawayDebit({ customerId: payer?.customerId ?? nobody, amount, ...change });
  }

  aKey(): string {
    return randomUUID();
  }

  async debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    this.held.add(debit.key);
    return this.client.debit(debit);
  }

  /** One request, which may differ from that of the debit, without a second attempt. */
  async debitOnce(debit: LedgerDebit, request?: WireRequest): Promise<Reply<LedgerAnswer>> {
    this.held.add(debit.key);
    return this.client.debitOnce(debit, request);
  }

  async lookup(key: string): Promise<LedgerLookup> {
    return this.client.lookup(key);
  }

  async reverse(key: string, reason?: string): Promise<LedgerAnswer> {
    const answer = await this.client.reverse(key, reason);
    if (answer.outcome === 'done') this.held.delete(key);
    return answer;
  }

  async refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    return this.client.refund(refund);
  }

  async refundOnce(refund: LedgerRefund): Promise<Reply<LedgerAnswer>> {
    return this.client.refundOnce(refund);
  }

  async hangUp(debit: LedgerDebit, share: number, afterMs: number): Promise<void> {
    this.held.add(debit.key);
    await this.client.hangUp(this.client.debitRequest(debit), share, afterMs);
  }

  /** So that calls at the same moment do not wait for their handshakes, and really overlap. */
  async openConnections(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.client.lookupOnce(this.aKey())));
  }

  /** Gives back all debits of the check, whatever its result. */
  async giveBack(): Promise<void> {
    for (const key of this.held) await this.client.reverse(key, 'certification: clearing up');
  }

  /** The payer's balance; undefined, and noted as unproven, when it cannot be measured. */
  async balance(purse: Purse | undefined = this.ledger.payer): Promise<bigint | undefined> {
    if (purse === undefined) return undefined;
    const balance = await purse.balance();
    if (balance === undefined) this.noteUnproven(purse);
    return balance;
  }

  async expectBalance(
    when: string,
    before: bigint | undefined,
    change: bigint,
    purse: Purse | undefined = this.ledger.payer,
  ): Promise<bigint | undefined> {
    if (before === undefined || purse === undefined) return undefined;
    const expected = before + change;
    const found = await purse.balance(expected);
    if (found === undefined) this.noteUnproven(purse);
    else if (found !== expected)
      throw new CheckFailure(`${when}: ${purse.customerId} should have ${expected} and has ${found}`);
    return found;
  }

  expectDone(what: string, answer: LedgerAnswer, reference?: string): string {
    if (answer.outcome !== 'done') throw this.unlike(what, 'DONE', answer);
    if (reference !== undefined && answer.ledgerReference !== reference)
      throw this.unlike(what, `DONE ${reference}, as before`, answer);
    return answer.ledgerReference;
  }

  expectRefused(what: string, answer: LedgerAnswer, code: LedgerRefusalCode): void {
    if (answer.outcome !== 'refused' || answer.code !== code)
      throw this.unlike(what, `REFUSED ${code}`, answer);
  }

  expectLookup(what: string, answer: LedgerLookup, expected: LedgerLookup): void {
    const isSame = inWords(answer) === inWords(expected) && answer.outcome === expected.outcome;
    if (!isSame) throw this.unlike(what, inWords(expected), answer);
  }

  expectDebited(what: string, answer: LedgerLookup, debit: LedgerDebit, ledgerReference: string): void {
    const { customerId, amount } = debit;
    this.expectLookup(what, answer, { outcome: 'debited', ledgerReference, customerId, amount });
  }

  /** For a debit or refund whose key has been used with other content: the contract leaves UNKNOWN and any status but 200. */
  expectNoAnswer(what: string, { exchange, answer }: Reply<LedgerAnswer>): void {
    const { result } = exchange;
    if (typeof result !== 'string' && result.status !== 200) return;
    const word = statusWord(exchange);
    if (word === 'UNKNOWN') return;
    const found = typeof word === 'string' ? quoted(word) : inWords(answer);
    throw new CheckFailure(`${what}: should be UNKNOWN or a status other than 200, and was ${found}`);
  }

  expectStatus(what: string, exchange: Exchange, status: number): void {
    const { result } = exchange;
    if (typeof result === 'string' || result.status !== status)
      throw new CheckFailure(`${what}: should get status ${status}, and got ${onTheWire(exchange)}`);
  }

  skip(why: string): never {
    throw new CheckSkipped(why);
  }

  private unlike(what: string, expected: string, found: LedgerAnswer | LedgerLookup): CheckFailure {
    return new CheckFailure(`${what}: should be ${expected}, and was ${inWords(found)}`);
  }

  private noteUnproven({ customerId, currency, unmeasurable }: Purse): void {
    const note = `that no other money of ${customerId} moved: the balance in ${currency} cannot be measured (${unmeasurable})`;
    if (!this.unproven.includes(note)) this.unproven.push(note);
  }
}
