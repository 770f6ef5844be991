import type { BooksCompared } from './compare-books.js';
import type { Said } from './demo-client.js';
import { isRecord, listOf, textAt } from './json-reading.js';
import type { WalkedStory } from './walk-story.js';

const isTty = process.stdout.isTTY;
const bold = (text: string): string => (isTty ? `\u001b[1m${text}\u001b[22m` : text);
const print = (line = ''): void => void process.stdout.write(`${line}\n`);

export function printOpening(): void {
  print(
    'Starting a PostgreSQL, the service and a local Alipay+ of this demo’s own; nothing of yours is touched …',
  );
}

export function printStory(
  { story, app, operator, alipayPlus }: WalkedStory,
  number: number,
  of: number,
): void {
  print();
  print(bold(`${number}/${of}  ${story.title}`));
  print(`     code  ${story.codeValue}`);
  print();
  print("  The payer's app");
  for (const said of app)
    print(`    ${said.request.replace(/[0-9a-f-]{36}/, '…')}  →  ${said.status}  ${appLine(said)}`);
  print('  The operator');
  if (operator === undefined) print('    no payment: nothing was decoded, nothing was debited');
  else for (const line of timelineOf(operator)) print(`    ${line}`);
  print('  Alipay+');
  for (const line of alipayPlusLines(alipayPlus)) print(`    ${line}`);
}

export function printClosing(books: BooksCompared): void {
  print();
  for (const difference of books.differences) print(`  ! ${difference}`);
  const verdict = books.agree ? 'our books and Alipay+’s agree' : 'THE BOOKS DIFFER';
  print(
    bold(
      `${books.scans} scans: ${books.paid} paid, ${books.refused} refused, ` +
        `${books.acknowledged} results acknowledged by Alipay+; ${verdict}.`,
    ),
  );
}

function appLine({ body }: Said): string {
  const payment = isRecord(body.payment) ? body.payment : body;
  if (typeof body.code === 'string') return `${body.code}: ${textAt(body, 'detail')}`;
  if (body.status === 'PENDING') return 'PENDING: Alipay+ does not know yet, we ask again';
  const amount = isRecord(payment.payAmount) ? textAt(payment.payAmount, 'display') : '';
  const original = isRecord(payment.paymentAmount) ? textAt(payment.paymentAmount, 'display') : '';
  const merchant = isRecord(payment.merchant) ? textAt(payment.merchant, 'name') : '';
  return `${textAt(payment, 'status')}: ${amount} to ${merchant} (${original})`;
}

function timelineOf(operator: Record<string, unknown>): string[] {
  const events = listOf(operator.timeline);
  const start = Date.parse(textAt(events[0] ?? {}, 'at'));
  return events.map((event) => {
    const sinceMs = Date.parse(textAt(event, 'at')) - start;
    const facts = ['outcome', 'reason', 'resultCode', 'from', 'to']
      .filter((name) => event[name] !== undefined)
      .map((name) => String(event[name]));
    return `+${String(sinceMs).padStart(5)} ms  ${textAt(event, 'what').padEnd(18)} ${facts.join(' ')}`;
  });
}

function alipayPlusLines(order: Record<string, unknown> | undefined): string[] {
  if (order === undefined) return ['was never asked'];
  const told = listOf(order.notifications).map(
    (notification, index) => `told ${index + 1}: ${toldLine(notification)}`,
  );
  return [
    `asked ${String(order.calls)} time(s), last answer ${String(order.lastResult)}`,
    ...(told.length === 0 ? ['told nothing'] : told),
  ];
}

function toldLine(notification: Record<string, unknown>): string {
  const result = `${String(notification.resultStatus)} ${String(notification.resultCode)}`;
  return `${result}  →  answered ${String(notification.answered)}`;
}
