import * as books from './broken-books.js';
import * as servers from './broken-servers.js';
import type { MemoryBooks } from './memory-books.js';
import { MemoryLedgerServer } from './memory-ledger-server.js';

/** How long a call waits for an answer, in ms: more than a busy machine needs. */
export const TIMEOUT_MS = 7000;

export interface BrokenLedger {
  readonly fault: string;
  /** The check that must report the fault. */
  readonly caughtBy: string;
  /** Checks that may also meet the fault on their way. */
  readonly alsoMetBy: readonly string[];
  readonly open: (secret: string) => MemoryLedgerServer;
  /** For the one whose fault is to keep callers waiting. */
  readonly timeoutMs?: number;
}

type Server = new (secret: string) => MemoryLedgerServer;
type Books = new () => MemoryBooks;

const WHERE_LOOKUPS_ARE_ABSENT = ['long-key', 'lookup-states', 'hang-up', 'signature', 'signature-time'];
const WHERE_DEBITS_ARE_LOOKED_UP = [
  'debit-done',
  'other-content',
  'long-key',
  'hang-up',
  'signature',
  'refund',
];
const WHERE_DEBITS_REPEAT = [
  'deadline-on-repeat',
  'request-replayed',
  'debit-parallel',
  'debit-against-reversal',
  'hang-up',
];

const WHERE_REFUNDS_REPEAT = ['refund-then-reversal', 'refund-bounds', 'refund-parallel'];

export const BROKEN_LEDGERS: readonly BrokenLedger[] = [
  wire('signs characters instead of bytes', servers.SignsCharacters, 'debit-done'),
  book('debits again with every repeat', books.DebitsOnEveryRepeat, 'debit-repeated', [
    ...WHERE_DEBITS_REPEAT,
    'order-once',
  ]),
  book('checks the deadline before the key', books.ChecksDeadlineFirst, 'deadline-on-repeat'),
  wire('answers REFUSED to a replayed request', servers.RefusesReplays, 'request-replayed'),
  book('looks for the key, then debits', books.ChecksThenDebits, 'debit-parallel', WHERE_DEBITS_REPEAT),
  book('debits an order under every key', books.IgnoresOrders, 'order-once'),
  book('looks for the order, then debits', books.ChecksOrdersTooEarly, 'order-once'),
  book('debits an order again after its reversal', books.ForgetsReversedOrders, 'order-once'),
  book('ignores the content of a known key', books.IgnoresContent, 'other-content', ['big-amounts']),
  book('debits another customer under a known key', books.DebitsOtherContent, 'other-content'),
  wire('reads amounts into doubles', servers.ReadsAmountsIntoDoubles, 'big-amounts'),
  book('echoes every digit but books doubles', books.KeepsValuesAsDoubles, 'big-amounts'),
  wire('takes JSON numbers for amounts', servers.TakesNumbersForText, 'malformed-debit'),
  wire('reads amounts with leading zeros', servers.ReadsLeadingZeros, 'malformed-debit'),
  wire('decodes the path before it looks for the key', servers.DecodesPathsFirst, 'long-key'),
  wire('cuts keys in paths to 64 characters', servers.CutsKeys, 'long-key'),
  book('tries a refused debit again', books.RetriesRefusals, 'insufficient-balance'),
  book('refuses in words of its own', books.RefusesInOtherWords, 'unknown-customer', ['order-once']),
  book('debits blocked customers', books.DebitsTheBlocked, 'blocked-customer'),
  book('ignores notAfter', books.IgnoresNotAfter, 'too-late'),
  book('refuses but takes the money', books.RefusesButTakes, 'too-late'),
  book('pays back what it never took', books.PaysBackRefusals, 'reversal-after-refusal', ['big-amounts']),
  book('tells no amount in a lookup', books.TellsNoAmounts, 'lookup-states', WHERE_DEBITS_ARE_LOOKED_UP),
  book('tells no customer in a lookup', books.TellsNoCustomers, 'lookup-states', WHERE_DEBITS_ARE_LOOKED_UP),
  book(
    'tells another amount in a lookup',
    books.TellsAmountsInUnits,
    'lookup-states',
    WHERE_DEBITS_ARE_LOOKED_UP,
  ),
  wire('says 404 for ABSENT', servers.FindsNothingWith404, 'lookup-states', WHERE_LOOKUPS_ARE_ABSENT),
  wire('forgets the key, not the transfer, of a caller who hung up', servers.ForgetsWhoHungUp, 'hang-up'),
  book('gives the money back with every reversal', books.ReversesAgainAndAgain, 'reversal', [
    'reversal-parallel',
    'debit-against-reversal',
  ]),
  book('forgets keys after their reversal', books.ForgetsReversedKeys, 'reversal', [
    'other-content',
    'debit-against-reversal',
  ]),
  book('looks for the reversal, then reverses', books.ChecksThenReverses, 'reversal-parallel'),
  book('does not close a key that is reversed first', books.LeavesTheKeyOpen, 'reversal-first', [
    'debit-against-reversal',
  ]),
  book('books a debit past the reversal that it met', books.DebitsPastItsReversal, 'debit-against-reversal'),
  book('gives a refund back with every repeat', books.RefundsOnEveryRepeat, 'refund', WHERE_REFUNDS_REPEAT),
  book('forgets the keys of refunds', books.ForgetsRefunds, 'refund', WHERE_REFUNDS_REPEAT),
  book('holds each refund by itself against its debit', books.RefundsBeyondTheDebit, 'refund-bounds', [
    'refund',
    'refund-then-reversal',
    'refund-parallel',
  ]),
  book('refunds a debit that was reversed', books.RefundsWhatWasReversed, 'refund-bounds', [
    'refund-then-reversal',
  ]),
  book('reverses what was refunded before', books.ReversesWhatWasRefunded, 'refund-then-reversal', [
    'refund-bounds',
    'refund-content',
    'refund-parallel',
    'refund',
  ]),
  book('ignores the content of a refund', books.IgnoresRefundContent, 'refund-content'),
  book('sums up the refunds, then refunds', books.SumsUpThenRefunds, 'refund-parallel'),
  wire('lists what was given back as held', servers.ListsEverythingAsHeld, 'list'),
  wire('lists its first page only', servers.ListsOnePage, 'list'),
  wire('accepts any signature', servers.AcceptsAnySignature, 'signature'),
  wire('checks the signatures of debits only', servers.ChecksDebitsOnly, 'signature'),
  wire('leaves the path out of the signature', servers.SignsNoPath, 'signature'),
  wire('accepts any time of signing', servers.AcceptsAnyTime, 'signature-time'),
  wire('answers 200 to unknown paths', servers.AnswersUnknownPaths, 'unknown-path'),
  wire('answers 200 HTML for ABSENT', servers.AnswersHtml, 'json-answers', WHERE_LOOKUPS_ARE_ABSENT),
  wire('answers in another character set', servers.AnswersLatin1, 'json-answers'),
  { ...wire('keeps its first caller waiting', servers.StartsTooSlowly, 'time-limit'), timeoutMs: 2000 },
];

function wire(
  fault: string,
  Ledger: Server,
  caughtBy: string,
  alsoMetBy: readonly string[] = [],
): BrokenLedger {
  return { fault, caughtBy, alsoMetBy, open: (secret) => new Ledger(secret) };
}

function book(
  fault: string,
  Books: Books,
  caughtBy: string,
  alsoMetBy: readonly string[] = [],
): BrokenLedger {
  return { fault, caughtBy, alsoMetBy, open: (secret) => new MemoryLedgerServer(secret, new Books()) };
}
