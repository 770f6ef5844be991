import { textLike } from '../command-line/option-values.js';
import { Exit, newCommand, runCommand, runProgram, type Output } from '../command-line/run-command.js';
import type { OnClocks } from '../src/operations/clocks.js';
import type { PaymentLookDto, RefundSeenDto } from '../src/operations/view/operator-payment.dto.js';
import type { RefundStatus } from '../src/payment-order/refund/refund.js';
import { API_NOTES, OperationsApi, plain } from './mpp/operations-api.js';

const NOTES = `
<id> is Alipay+'s refundRequestId or the key at the ledger; with any id of a payment all of its refunds are told.
Nothing is changed. Money is given back because Alipay+ asks for it, in its call refund, and by nothing else: a merchant asks
Alipay+ for a refund. Until the ledger has said what became of one it is asked again by itself, under the same key.
  mpp refund 20260301154011940180000000001234 --json
${API_NOTES.replace(/\.$/, '')}, 3 one of them is not settled.`;

const EXIT_UNSETTLED = 3;

type Look = OnClocks<PaymentLookDto>;
type Refund = OnClocks<RefundSeenDto>;

/** The meaning of a status, the next step, and what must not be done. */
const STANDINGS: Readonly<Record<RefundStatus, (refund: Refund) => readonly string[]>> = {
  REQUESTED: (refund) => ['It is written down, and the ledger has not answered for it.', ...asking(refund)],
  IN_DOUBT: (refund) => [
    `The ledger did not say whether it gave the money back (${plain(refund.unknownReason ?? 'no reason kept')}).`,
    ...asking(refund),
  ],
  REFUNDED: ({ refundTime }) => [
    `The money is back with the payer since ${refundTime ?? 'a time that is not kept'}; Alipay+ was told S.`,
    'Nothing is left to do.',
  ],
  REFUSED: ({ resultCode, refusalCode }) => [
    `It was refused (${plain(resultCode ?? refusalCode ?? 'no code kept')}), and nothing was given back for it; Alipay+ was told F.`,
    'That is final for this id: whoever wants the money after all has Alipay+ ask with another refundRequestId.',
  ],
};

function asking({ tries, nextAttemptAt, leaseUntil }: Refund): string[] {
  const next = leaseUntil === undefined ? `next at ${nextAttemptAt ?? 'once'}` : `now, until ${leaseUntil}`;
  return [
    `The ledger was asked ${tries} times and is asked again under the same key, ${next}; Alipay+ is answered U meanwhile.`,
    'Do not give the money back by hand: the payer would have it twice.',
  ];
}

/** The command line with this environment; it prints its results. */
function refundProgram(environment: NodeJS.ProcessEnv, output: Output) {
  return newCommand('mpp refund', 'Where a refund stands, why, and what is done about it. Changes nothing.')
    .argument(
      '<id>',
      'of the refund, or of its payment',
      textLike('a text of 1 to 512 characters', /^(?=.*\S).{1,512}$/s),
    )
    .option('--zone <zone>', 'times in a time zone of IANA besides UTC', textLike('a time zone'))
    .option('--api <url>', 'the address of the API', textLike('a URL'))
    .option('--token-file <file>', "a file with an operator's token", textLike('a file'))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES)
    .action(async (id, { zone, json = false, ...flags }) => {
      const api = OperationsApi.of(flags, environment);
      const path = `/payments/${encodeURIComponent(await api.onePayment(id))}`;
      const look = await api.get<Look>(path, zone === undefined ? {} : { zone });
      const refunds = refundsOf(look, id.trim());
      if (json) output.log(JSON.stringify(view(look, refunds)));
      else output.log(refundsText(look, refunds));
      if (refunds.length === 0) throw new Exit(1);
      if (refunds.some(({ status }) => status === 'REQUESTED' || status === 'IN_DOUBT'))
        throw new Exit(EXIT_UNSETTLED);
    });
}

/** Runs one command line and gives its exit code. */
export function refundCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  return runCommand(refundProgram(environment, output), args, output);
}

/** The refund with this id, or all refunds of the payment. */
function refundsOf({ refunds }: Look, id: string): readonly Refund[] {
  const named = refunds.filter(({ refundId, refundRequestId, ledgerReference }) =>
    [refundId, refundRequestId, ledgerReference].includes(id),
  );
  return named.length > 0 ? named : refunds;
}

function view(look: Look, refunds: readonly Refund[]) {
  const { paymentId, paymentRequestId, status, payAmount, readAt } = look;
  const told = refunds.map((refund) => ({ ...refund, standing: STANDINGS[refund.status](refund) }));
  return { paymentId, paymentRequestId, status, payAmount, readAt, refunds: told };
}

function refundsText(look: Look, refunds: readonly Refund[]): string {
  const { paymentId, status, payAmount, readAt, readAtLocal } = look;
  const head = `${paymentId}  ${status} ${payAmount?.display ?? ''}  as of ${readAtLocal ?? readAt}`;
  return [head, ...(refunds.length === 0 ? ['it has no refund'] : refunds.flatMap(refundLines))].join('\n');
}

function refundLines(refund: Refund): string[] {
  const { refundRequestId, refundId, status, amount, refundAmount, amountFlag, createdAt, createdAtLocal } =
    refund;
  const shown = amount ?? refundAmount;
  return [
    '',
    `${plain(refundRequestId)}  ${status} ${shown?.display ?? ''}  asked for at ${createdAtLocal ?? createdAt}`,
    `  key at the ledger: ${refundId}`,
    ...(amountFlag === undefined ? [] : [`  let pass, and flagged: ${plain(amountFlag)}`]),
    ...STANDINGS[status](refund).map((line) => `  ${line}`),
  ];
}

export const command = refundProgram(process.env, console);
await runProgram(import.meta.url, command);
