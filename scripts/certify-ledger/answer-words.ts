import type { LedgerAnswer, LedgerLookup } from '../../src/wallet-ledger/wallet-ledger.js';
import type { Exchange } from './wire-exchange.js';

/** An answer in the words of the contract, for the pass sheet. */
export function inWords(answer: LedgerAnswer | LedgerLookup): string {
  switch (answer.outcome) {
    case 'done':
    case 'reversed':
      return `${answer.outcome.toUpperCase()} ${answer.ledgerReference}`;
    case 'debited':
      return `DEBITED ${answer.ledgerReference} of ${answer.amount.value} ${answer.amount.currency} from ${answer.customerId}`;
    case 'refused':
      return `REFUSED ${answer.code}`;
    case 'absent':
      return 'ABSENT';
    case 'unknown':
      return unknownInWords(answer.reason);
  }
}

function unknownInWords(reason: string): string {
  if (reason === 'ledger_unknown') return 'UNKNOWN';
  const hint = reason === 'http_status_401' ? '; is the secret the right one?' : '';
  return `no answer by the contract (${reason}${hint})`;
}

/** Text of the ledger itself, which may be anything. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

/** The answer on the wire, for checks of its form. */
export function onTheWire({ result }: Exchange): string {
  return typeof result === 'string' ? `no answer (${result})` : `status ${result.status}`;
}

/** `DONE x 17, UNKNOWN x 3` */
export function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word} x ${count}`).join(', ');
}
