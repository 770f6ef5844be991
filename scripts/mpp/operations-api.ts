import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../command-line/run-command.js';
import type { PaymentsPageDto } from '../../src/operations/search/search.dto.js';
import type { ProblemDto } from '../../src/platform/http/problem.js';

export interface ApiFlags {
  readonly api?: string | undefined;
  readonly tokenFile?: string | undefined;
}

export const API_NOTES = `
It asks the operations API, which checks what the token may see and records who looked:
  --api         or MPP_API; without, the service of this machine at PORT
  --token-file  or MPP_TOKEN_FILE: a file with a token that has payments:operate; without, the one of a trial in DATA_DIR
Exit codes: 0 found, 1 not found, refused or not answered, 2 wrong usage.`;

const PATIENCE_MS = 15_000;

/** One refusal of the API, in a sentence. */
class ApiRefusal extends Error {
  constructor({ status, code, detail, title, errors = [] }: ProblemDto) {
    const faults = errors.map(({ field, rule }) => `${field} ${rule}`);
    super([`${status} ${code}: ${detail ?? title}`, ...faults].join('; '));
  }
}

/** The operations API for one operator. */
export class OperationsApi {
  private constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  /** @throws UsageError when there is no address or no token */
  static of({ api, tokenFile }: ApiFlags, environment: NodeJS.ProcessEnv): OperationsApi {
    const base = api ?? environment['MPP_API'] ?? `http://127.0.0.1:${environment['PORT'] ?? '8080'}`;
    if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
      throw new UsageError('the address of the API (--api, MPP_API) is an http(s) URL');
    return new OperationsApi(base.replace(/\/+$/, ''), tokenOf(tokenFile, environment));
  }

  /** The answer of one GET, with the type of the API description. */
  async get<Answer>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const url = new URL(`${this.base}/v1/operations${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${this.token}` },
      // A token goes only to the address it was meant for.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null)
      throw new Error(`${this.base} answers ${answer.status} and no JSON: is it the address of the API?`);
    if (!answer.ok)
      throw new ApiRefusal({ code: 'no code', title: '', ...body, status: answer.status } as ProblemDto); // every refusal of ours is a problem
    return body as Answer; // described in docs/openapi.json
  }

  /** The paymentId of the only payment that an id belongs to, whatever its kind. */
  async onePayment(id: string): Promise<string> {
    const { payments } = await this.get<PaymentsPageDto>('/payments', { q: id, limit: '2' });
    const [payment, second] = payments;
    if (payment === undefined) throw new Error('nothing here has this id');
    if (second !== undefined)
      throw new Error(`more than one payment has it; choose one of "mpp find ${plain(id)}"`);
    return payment.paymentId;
  }
}

function tokenOf(file: string | undefined, environment: NodeJS.ProcessEnv): string {
  const named = file ?? environment['MPP_TOKEN_FILE'];
  const token = named === undefined ? trialToken(environment) : readToken(named);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(`${named ?? 'the trial'} holds no token`);
  return token;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`the token file ${file} cannot be read`, { cause: error });
  }
}

/** The token of a trial on this machine, as `embedded/throwaway-tokens.ts` stores it. */
function trialToken(environment: NodeJS.ProcessEnv): string {
  const file = join(environment['DATA_DIR'] ?? '.data', 'tokens.json');
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof kept === 'object' && kept !== null && 'operator' in kept) return String(kept.operator);
  } catch {
    // Reported below: there is no trial here.
  }
  throw new UsageError('--token-file is missing (or MPP_TOKEN_FILE): a file with the token of an operator');
}

/** Names come from merchants: they must not control a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
}
