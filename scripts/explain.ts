import { textLike } from '../command-line/option-values.js';
import { newCommand, runCommand, runProgram, type Output } from '../command-line/run-command.js';
import type { OnClocks } from '../src/operations/clocks.js';
import type { ExplanationDto } from '../src/operations/explain/explanation.dto.js';
import { API_NOTES, OperationsApi, plain } from './mpp/operations-api.js';

const NOTES = `
<id> is any id that belongs to one payment: ours, Alipay+'s, the merchant's, of a scan or a refund, or the code itself.
  mpp explain 12488635112572476905463706644580 --zone Europe/Berlin
${API_NOTES}`;

type Explanation = OnClocks<ExplanationDto>;

/** The command line with this environment; it prints its results. */
function explainProgram(environment: NodeJS.ProcessEnv, output: Output) {
  return newCommand(
    'mpp explain',
    'Where a payment stands, on what evidence, what comes next, what may be done.',
  )
    .argument('<id>', 'of the payment', textLike('a text of 1 to 512 characters', /^(?=.*\S).{1,512}$/s))
    .option('--zone <zone>', 'times in a time zone of IANA instead of UTC', textLike('a time zone'))
    .option('--api <url>', 'the address of the API', textLike('a URL'))
    .option('--token-file <file>', "a file with an operator's token", textLike('a file'))
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES)
    .action(async (id, { zone, json = false, ...flags }) => {
      const api = OperationsApi.of(flags, environment);
      const path = `/payments/${encodeURIComponent(await api.onePayment(id))}/explain`;
      const explanation = await api.get<Explanation>(path, zone === undefined ? {} : { zone });
      output.log(json ? JSON.stringify(explanation) : explanationText(explanation));
    });
}

/** Runs one command line and gives its exit code. */
export function explainCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  return runCommand(explainProgram(environment, output), args, output);
}

function explanationText(explained: Explanation): string {
  const { paymentId, readAt, readAtLocal, state, standing } = explained;
  return [
    `${paymentId}  ${Object.values(state).join(' / ')}  as of ${readAtLocal ?? readAt}`,
    plain(standing),
    ...list('Contradictions', explained.contradictions),
    ...list(
      'Evidence',
      explained.evidence.map(
        ({ at, atLocal, sentence, source }) => `${atLocal ?? at}  ${sentence} (${source})`,
      ),
    ),
    ...list(
      'Next',
      explained.next.map(({ at, atLocal, what, by }) => `${atLocal ?? at ?? 'at any time'}  ${what} (${by})`),
    ),
    ...list(
      'You may',
      explained.mayDo.map(({ act, effect }) => `${act}: ${effect}`),
    ),
    ...list(
      'Would change nothing',
      explained.needless.map(({ act, why }) => `${act}: ${why}`),
    ),
    ...list(
      'You must not',
      explained.mustNot.map(({ act, why }) => `${act}: ${why}`),
    ),
  ].join('\n');
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${plain(line)}`)];
}

export const command = explainProgram(process.env, console);
await runProgram(import.meta.url, command);
