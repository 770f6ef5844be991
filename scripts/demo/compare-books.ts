import type { DemoClient } from './demo-client.js';
import { isRecord, listOf, textAt } from './json-reading.js';
import type { WalkedStory } from './walk-story.js';

export interface BooksCompared {
  readonly agree: boolean;
  readonly scans: number;
  readonly paid: number;
  readonly refused: number;
  readonly acknowledged: number;
  /** One sentence for each difference. */
  readonly differences: readonly string[];
}

/** Compares our records of every scan with those of the twin. */
export async function compareBooks(
  client: DemoClient,
  walked: readonly WalkedStory[],
): Promise<BooksCompared> {
  const differences = walked.flatMap(differencesOf);
  const summary = await client.twin('/_twin/summary');
  const defects = isRecord(summary) ? summary.defectCount : 'unreadable';
  if (defects !== 0) differences.push(`the twin counts defects in what it was told: ${String(defects)}`);
  const paid = walked.filter(({ operator }) => operator?.status === 'PAID').length;
  return {
    agree: differences.length === 0,
    scans: walked.length,
    paid,
    refused: walked.filter(({ operator }) => operator === undefined).length,
    acknowledged: walked.filter(({ alipayPlus }) => alipayPlus?.acknowledged === true).length,
    differences,
  };
}

function differencesOf({ story, operator, alipayPlus }: WalkedStory): string[] {
  const expected = operator?.status === 'PAID' ? 'PAID' : 'REFUSED';
  const differences = expected === story.expects ? [] : [`"${story.title}" ended ${expected}`];
  if (alipayPlus === undefined) return [...differences, `"${story.title}": the twin was never asked`];
  const check = (isSo: boolean, what: string): void => {
    if (!isSo) differences.push(`"${story.title}": ${what}`);
  };
  if (operator === undefined) {
    check(alipayPlus.acknowledged !== true, 'the twin was told a result of a refused code');
    return differences;
  }
  const debits = listOf(operator.debits).filter((debit) => debit.status === 'DEBITED');
  check(debits.length === 1, `there are ${debits.length} debits`);
  check(alipayPlus.acknowledgedResult === 'S', 'the twin has not acknowledged a success');
  check(
    textAt(alipayPlus, 'paymentRequestId') === textAt(operator, 'paymentRequestId'),
    'the paymentRequestId differs',
  );
  check(isSettled(operator), 'our notification is not DELIVERED');
  return differences;
}

function isSettled(operator: Record<string, unknown>): boolean {
  return isRecord(operator.notification) && operator.notification.status === 'DELIVERED';
}
