import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SettingsError, type SettingFault } from '../src/platform/config/settings-error.js';
import type { LedgerTlsFiles } from '../src/wallet-ledger/http/ledger-tls.js';
import { readLedgerCore } from '../src/wallet-ledger/http/read-ledger-core.js';
import type { CoreAddress } from './certify-ledger/core-client.js';
import type { Certification } from './certify-ledger/ledger-under-test.js';
import { checkText, closingText, openingText } from './certify-ledger/pass-sheet.js';
import { CannotCertify, certify } from './certify-ledger/run-certification.js';

const USAGE = `Tries out whether a wallet ledger keeps the contract of docs/wallet-ledger.md.

  npm run certify-ledger -- [<url>] --customer <id> [--poor <id>] [--blocked <id>] [options]

  <url>                 what the service would get as WALLET_LEDGER_URL, which is also the default
  --secret-file <file>  the secret that signs requests; default: WALLET_LEDGER_SECRET_FILE
  --customer <id>       a test customer with 1000 minor units or more whom nobody else uses meanwhile
  --currency <code>     the currency of that money, HKD if not given
  --poor <id>           a test customer with little or no money in that currency
  --blocked <id>        a test customer whom the ledger has blocked
  --timeout-ms <n>      how long the service will wait for an answer, 3000 if not given
  --ca-file <file>, --client-certificate-file <file>, --client-key-file <file>
                        for TLS; default: the settings WALLET_LEDGER_CA_FILE and so on
  --certificate-only    the ledger knows the service by its certificate and does not look at signatures
  --json                one JSON document on standard output

Everything it debits it gives back. Every key is new, so it can be run again and again.
Exit codes: 0 nothing failed, 1 a check failed, 2 wrong usage, or nothing could be tried.`;

class UsageError extends Error {}

interface Wish {
  readonly isJson: boolean;
  readonly certification: Omit<Certification, 'secret' | 'tls'>;
  readonly files: LedgerTlsFiles & { readonly secretFile: string };
}

/** Where the sheet goes, line by line. */
export interface Output {
  log(text: string): void;
  error(text: string): void;
}

/** Runs one command line and tells its exit code. */
export async function certifyLedgerCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    output.log(USAGE);
    return 0;
  }
  try {
    const { isJson, certification, files } = wishOf(args, environment);
    const { url, customerId, currency, timeoutMs } = certification;
    const core = await readLedgerCore({ url, timeoutMs, ...files });
    if (!isJson) output.log(openingText(url, customerId, currency));
    const report = await certify({ ...certification, ...core }, (result, number) => {
      if (!isJson) output.log(checkText(result, number));
    });
    output.log(isJson ? JSON.stringify(report, null, 2) : closingText(report));
    return report.failed === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof CannotCertify) output.error(error.message);
    else if (error instanceof SettingsError) output.error(error.faults.map(asOption).join('\n'));
    else if (error instanceof UsageError) output.error(`${error.message}\n\n${USAGE}`);
    else throw error;
    return 2;
  }
}

function wishOf(args: readonly string[], environment: NodeJS.ProcessEnv): Wish {
  const { values, positionals } = parsed(args);
  const [url = environment['WALLET_LEDGER_URL'] ?? '', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError('more than one address');
  if (!isAddress(url))
    throw new UsageError('the address of a ledger is an http(s) URL without query and user');
  const timeoutMs = timeoutOf(values['timeout-ms']);
  const certificateOnly = values['certificate-only'];
  const certification = { url, timeoutMs, certificateOnly, ...customersOf(values) };
  return { isJson: values.json, certification, files: filesOf(values, environment) };
}

function filesOf(values: Options, environment: NodeJS.ProcessEnv): Wish['files'] {
  const fileOf = (option: FileOption): string | undefined => {
    const setting = environment[`WALLET_LEDGER_${option.toUpperCase().replaceAll('-', '_')}`];
    return values[option] ?? (setting === '' ? undefined : setting);
  };
  const secretFile = fileOf('secret-file');
  const caFile = fileOf('ca-file');
  const clientCertificateFile = fileOf('client-certificate-file');
  const clientKeyFile = fileOf('client-key-file');
  if (secretFile === undefined) throw new UsageError('--secret-file is missing');
  if ((clientCertificateFile === undefined) !== (clientKeyFile === undefined))
    throw new UsageError('--client-certificate-file and --client-key-file belong together');
  return {
    secretFile,
    ...(caFile !== undefined && { caFile }),
    ...(clientCertificateFile !== undefined && { clientCertificateFile }),
    ...(clientKeyFile !== undefined && { clientKeyFile }),
  };
}

/** A fault of a setting, told by the name of the option that gave it. */
function asOption({ name, rule }: SettingFault): string {
  return `--${name.replace('WALLET_LEDGER_', '').replaceAll('_', '-').toLowerCase()} ${rule}`;
}

function customersOf({
  currency,
  customer,
  poor,
  blocked,
}: Options): Omit<Certification, keyof CoreAddress | 'certificateOnly'> {
  if (customer !== undefined && [poor, blocked].includes(customer))
    throw new UsageError('--customer is poor or blocked');
  if (!/^[A-Z]{3}$/.test(currency)) throw new UsageError(`${currency} is no ISO 4217 currency`);
  return {
    currency,
    ...(customer !== undefined && { customerId: customer }),
    ...(poor !== undefined && { poorId: poor }),
    ...(blocked !== undefined && { blockedId: blocked }),
  };
}

type Options = ReturnType<typeof parsed>['values'];
type FileOption = 'secret-file' | 'ca-file' | 'client-certificate-file' | 'client-key-file';

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'secret-file': { type: 'string' },
        'ca-file': { type: 'string' },
        'client-certificate-file': { type: 'string' },
        'client-key-file': { type: 'string' },
        'certificate-only': { type: 'boolean', default: false },
        customer: { type: 'string' },
        currency: { type: 'string', default: 'HKD' },
        poor: { type: 'string' },
        blocked: { type: 'string' },
        'timeout-ms': { type: 'string', default: '3000' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError('an option that does not exist, or that lacks its value', { cause });
  }
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

function timeoutOf(text: string): number {
  const timeoutMs = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (timeoutMs < 100 || timeoutMs > 7000) throw new UsageError('--timeout-ms is between 100 and 7000');
  return timeoutMs;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await certifyLedgerCommand(process.argv.slice(2), process.env, console);
}
