import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';
import {
  loadSettings,
  SettingsError,
  type Environment,
  type SettingFault,
} from '../platform/config/load-settings.js';
import { forbidsEmbedded } from '../platform/config/runtime.settings.js';
import { IsProxyUrl } from '../platform/outbound/proxy-url.js';

export class WalletLedgerSettings {
  @FromEnv('WALLET_LEDGER', {
    kind: 'text',
    default: 'embedded',
    about:
      "Where the payer's money is: `embedded` (a double-entry ledger in our database, for trials) or `http` (the wallet's own core).",
  })
  @IsIn(['embedded', 'http'], { message: 'must be embedded or http' })
  readonly adapter!: 'embedded' | 'http';

  @FromEnv('WALLET_LEDGER_URL', {
    kind: 'text',
    about: "Address of the wallet's core (docs/wallet-ledger.md). Needed when WALLET_LEDGER=http.",
    example: 'https://core.wallet.internal/ledger',
  })
  @ValidateIf(neededForHttp('url'))
  @IsUrl(
    {
      protocols: ['http', 'https'],
      require_protocol: true,
      require_tld: false,
      disallow_auth: true,
      allow_query_components: false,
      allow_fragments: false,
    },
    {
      message:
        'must be an http(s) address without user, query or fragment; it is needed when WALLET_LEDGER=http',
    },
  )
  @ValidateBy({
    name: 'urlForTls',
    validator: {
      validate: (url, args) => !hasTlsFiles(args?.object) || String(url).startsWith('https:'),
      defaultMessage: () => 'must be an https address when files for TLS are given',
    },
  })
  readonly url?: string;

  @FromEnv('WALLET_LEDGER_PROXY_URL', {
    kind: 'text',
    about:
      "HTTP proxy by which the wallet's core is called (CONNECT), with user and password. TLS is with the core, through it. Absent: none; HTTP_PROXY is passed over.",
    example: 'http://mpp:secret@proxy.internal:3128',
  })
  @IsOptional()
  @IsProxyUrl()
  readonly proxyUrl?: string;

  @FromEnv('WALLET_LEDGER_SECRET_FILE', {
    kind: 'text',
    about:
      "File with the secret, 32 characters or more, that signs requests to the wallet's core. Needed when WALLET_LEDGER=http.",
    example: '/run/secrets/wallet-ledger',
  })
  @ValidateIf(neededForHttp('secretFile'))
  @IsString({ message: 'must be the path of a file; it is needed when WALLET_LEDGER=http' })
  readonly secretFile?: string;

  @FromEnv('WALLET_LEDGER_CA_FILE', {
    kind: 'text',
    about: "PEM file with the certificates that verify the wallet's core. Absent: those that Node.js trusts.",
    example: '/run/secrets/wallet-ledger-ca.pem',
  })
  @IsOptional()
  @IsString({ message: 'must be the path of a file' })
  readonly caFile?: string;

  @FromEnv('WALLET_LEDGER_CLIENT_CERTIFICATE_FILE', {
    kind: 'text',
    about:
      "PEM file with our certificate and its intermediate certificates, for mutual TLS with the wallet's core.",
    example: '/run/secrets/wallet-ledger-client.pem',
  })
  @ValidateIf(hasClientFiles)
  @IsString({ message: 'must be the path of a file; it is needed with WALLET_LEDGER_CLIENT_KEY_FILE' })
  readonly clientCertificateFile?: string;

  @FromEnv('WALLET_LEDGER_CLIENT_KEY_FILE', {
    kind: 'text',
    about: 'PEM file with the private key of that certificate, not encrypted.',
    example: '/run/secrets/wallet-ledger-client-key.pem',
  })
  @ValidateIf(hasClientFiles)
  @IsString({
    message: 'must be the path of a file; it is needed with WALLET_LEDGER_CLIENT_CERTIFICATE_FILE',
  })
  readonly clientKeyFile?: string;

  @FromEnv('WALLET_LEDGER_TIMEOUT_MS', {
    kind: 'integer',
    default: '3000',
    about:
      "Longest wait for one answer of the wallet's core, connecting included; then the answer is unknown.",
  })
  // Two calls, a lookup and what follows from it, must fit into the 15 s for which a worker holds a debit.
  @IsInt()
  @Min(100)
  @Max(7_000)
  readonly timeoutMs!: number;
}

/** In production no ledger but the wallet's own core is asked, by the service or by any other program. */
export function embeddedLedgerFaults(environment: Environment): SettingFault[] {
  if (!forbidsEmbedded(environment) || environment['WALLET_LEDGER'] === 'http') return [];
  return [{ name: 'WALLET_LEDGER', rule: 'must be http; production does not use the embedded ledger' }];
}

/**
 * Which ledger a program asks that is not the service.
 *
 * @throws SettingsError
 */
export function namedLedger(environment: Environment): WalletLedgerSettings {
  const faults = embeddedLedgerFaults(environment);
  if (faults.length > 0) throw new SettingsError(faults);
  return loadSettings([WalletLedgerSettings], environment).get(WalletLedgerSettings);
}

/** A setting of the http adapter is checked when that adapter is chosen, and whenever it is given at all. */
function neededForHttp(property: 'url' | 'secretFile'): (settings: WalletLedgerSettings) => boolean {
  return (settings) => settings.adapter === 'http' || settings[property] !== undefined;
}

function hasClientFiles({ clientCertificateFile, clientKeyFile }: Partial<WalletLedgerSettings>): boolean {
  return clientCertificateFile !== undefined || clientKeyFile !== undefined;
}

function hasTlsFiles(settings: object | undefined): boolean {
  return (
    settings instanceof WalletLedgerSettings && (settings.caFile !== undefined || hasClientFiles(settings))
  );
}
