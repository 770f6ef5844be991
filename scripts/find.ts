import { textLike, wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runCommand, runProgram, type Output } from '../command-line/run-command.js';
import type { FoundPaymentDto, PaymentsPageDto } from '../src/operations/search/search.dto.js';
import { API_NOTES, OperationsApi, plain } from './mpp/operations-api.js';

const NOTES = `
<text> is any id of a payment: ours, Alipay+'s, the merchant's, the customer's, of a scan or a refund, or the code itself.
  mpp find 12488635112572476905463706644580
  mpp find --merchant 'Kissa' --limit 5
${API_NOTES}`;

const MOST = 200;

/** The command line with this environment; it prints its results. */
function findProgram(environment: NodeJS.ProcessEnv, output: Output) {
  const text = textLike('a text of 1 to 512 characters', /^(?=.*\S).{1,512}$/s);
  return newCommand('mpp find', 'Finds payments, the newest first.')
    .argument('[text]', 'any id', text)
    .option('--merchant <text>', 'the id of a merchant, or how its name begins', text)
    .option('--status <status>', 'the status of the payment', textLike('a status, such as PAID', /^[A-Z_]+$/))
    .option('--limit <n>', 'how many at most', wholeNumber(1, MOST), 20)
    .option('--api <url>', 'the address of the API', textLike('a URL'))
    .option('--token-file <file>', "a file with an operator's token", textLike('a file'))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES)
    .action(async (q, { api, tokenFile, json = false, limit, merchant, status }) => {
      const page = await OperationsApi.of({ api, tokenFile }, environment).get<PaymentsPageDto>('/payments', {
        ...(q !== undefined && { q }),
        ...(merchant !== undefined && { merchant }),
        ...(status !== undefined && { status }),
        limit: String(limit),
      });
      output.log(json ? JSON.stringify(page) : pageText(page));
      if (page.payments.length === 0) throw new Exit(1);
    });
}

/** Runs one command line and gives its exit code. */
export function findCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  return runCommand(findProgram(environment, output), args, output);
}

function pageText({ payments, total, recognisedAs }: PaymentsPageDto): string {
  if (payments.length === 0)
    return recognisedAs?.length === 0 ? 'nothing here has this id' : 'no payment is like that';
  const left = total.value - payments.length;
  const more = left > 0 ? [`and ${total.isEstimate ? 'about ' : ''}${left} more`] : [];
  return [...payments.map(paymentLine), ...more].join('\n');
}

function paymentLine(payment: FoundPaymentDto): string {
  const { paymentId, createdAt, status, notificationStatus, payAmount, merchantName, paymentRequestId } =
    payment;
  return [
    paymentId,
    createdAt,
    `${status}${notificationStatus === undefined ? '' : `/${notificationStatus}`}`.padEnd(22),
    (payAmount?.display ?? '').padStart(12),
    plain(paymentRequestId),
    plain(merchantName ?? ''),
  ].join('  ');
}

export const command = findProgram(process.env, console);
await runProgram(import.meta.url, command);
