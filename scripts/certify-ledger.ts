import { textLike, wholeNumber } from '../command-line/option-values.js';
import {
  Exit,
  newCommand,
  runCommand,
  runProgram,
  UsageError,
  type Output,
} from '../command-line/run-command.js';
import { SettingsError, type SettingFault } from '../src/platform/config/load-settings.js';
import type { LedgerTlsFiles } from '../src/wallet-ledger/http/ledger-tls.js';
import { readLedgerCore } from '../src/wallet-ledger/http/read-ledger-core.js';
import type { CoreAddress } from './certify-ledger/core-client.js';
import type { Certification } from './certify-ledger/ledger-under-test.js';
import { checkText, closingText, openingText } from './certify-ledger/pass-sheet.js';
import { CannotCertify, certify } from './certify-ledger/run-certification.js';

interface Wish {
  readonly isJson: boolean;
  readonly certification: Omit<Certification, 'secret' | 'tls'>;
  readonly files: LedgerTlsFiles & { readonly secretFile: string };
}

const NOTES = `
<url> is what the service would get as WALLET_LEDGER_URL, which is also its default. Defaults of the files are the
settings WALLET_LEDGER_SECRET_FILE, WALLET_LEDGER_CA_FILE and so on.
Everything it debits it gives back. Every key is new, so it can be run again and again.
Exit codes: 0 nothing failed, 1 a check failed, 2 wrong usage, or nothing could be tried.`;

function commandOf() {
  return newCommand(
    'mpp certify-ledger',
    'Tries out whether a wallet ledger keeps the contract of docs/wallet-ledger.md.',
  )
    .usage('[<url>] --customer <id> [options]')
    .argument('[url]', 'the address of the ledger')
    .option('--secret-file <file>', 'the secret that signs requests')
    .option(
      '--customer <id>',
      'a test customer with 1000 minor units or more whom nobody else uses meanwhile',
    )
    .option(
      '--currency <code>',
      'the currency of that money',
      textLike('an ISO 4217 currency', /^[A-Z]{3}$/),
      'HKD',
    )
    .option('--poor <id>', 'a test customer with little or no money in that currency')
    .option('--blocked <id>', 'a test customer whom the ledger has blocked')
    .option('--timeout-ms <n>', 'how long the service will wait for an answer', wholeNumber(100, 7000), 3000)
    .option('--ca-file <file>', 'for TLS: the authority of the ledger')
    .option('--client-certificate-file <file>', 'for TLS: our certificate')
    .option('--client-key-file <file>', 'for TLS: the key of our certificate')
    .option('--certificate-only', 'the ledger knows us by our certificate and does not look at signatures')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', NOTES);
}

type Options = ReturnType<ReturnType<typeof commandOf>['opts']>;

/** The command line with this environment; it prints its results line by line. */
export function certifyLedgerProgram(environment: NodeJS.ProcessEnv, output: Output) {
  return commandOf().action(async (address, options) => {
    const { isJson, certification, files } = wishOf(address, options, environment);
    const { url, customerId, currency, timeoutMs } = certification;
    try {
      const core = await readLedgerCore({ url, timeoutMs, ...files });
      if (!isJson) output.log(openingText(url, customerId, currency));
      const report = await certify({ ...certification, ...core }, (result, number) => {
        if (!isJson) output.log(checkText(result, number));
      });
      output.log(isJson ? JSON.stringify(report, null, 2) : closingText(report));
      if (report.failed > 0) throw new Exit(1);
    } catch (error) {
      if (error instanceof CannotCertify) output.error(error.message);
      else if (error instanceof SettingsError) output.error(error.faults.map(asOption).join('\n'));
      else throw error;
      throw new Exit(2);
    }
  });
}

/** Runs one command line and gives its exit code. */
export function certifyLedgerCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  return runCommand(certifyLedgerProgram(environment, output), args, output);
}

function wishOf(address: string | undefined, options: Options, environment: NodeJS.ProcessEnv): Wish {
  const url = address ?? environment['WALLET_LEDGER_URL'] ?? '';
  if (!isAddress(url))
    throw new UsageError('the address of a ledger is an http(s) URL without query and user');
  const { timeoutMs, certificateOnly = false, json = false } = options;
  const certification = { url, timeoutMs, certificateOnly, ...customersOf(options) };
  return { isJson: json, certification, files: filesOf(options, environment) };
}

function filesOf(options: Options, environment: NodeJS.ProcessEnv): Wish['files'] {
  const fileOf = (option: FileOption): string | undefined => {
    const setting = environment[`WALLET_LEDGER_${option.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()}`];
    return options[option] ?? (setting === '' ? undefined : setting);
  };
  const secretFile = fileOf('secretFile');
  const caFile = fileOf('caFile');
  const clientCertificateFile = fileOf('clientCertificateFile');
  const clientKeyFile = fileOf('clientKeyFile');
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

/** A fault of a setting, reported with the name of its option. */
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
  return {
    currency,
    ...(customer !== undefined && { customerId: customer }),
    ...(poor !== undefined && { poorId: poor }),
    ...(blocked !== undefined && { blockedId: blocked }),
  };
}

type FileOption = 'secretFile' | 'caFile' | 'clientCertificateFile' | 'clientKeyFile';

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

export const command = certifyLedgerProgram(process.env, console);
await runProgram(import.meta.url, command);
