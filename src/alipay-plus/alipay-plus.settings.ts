import {
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';
import { IsProxyUrl } from '../platform/outbound/proxy-url.js';

const PATH = /^\/[^\s?#]*$/;
const PATH_RULE = { message: 'must be a path that starts with /, without query' };

const NOTIFY_HOST = /^(\*\.)?(\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)*)(:\d{1,5})?$/i;
/** Behind `*.` stands a domain that one organisation owns: two names, and three where the second is a country's registry. */
const NOT_A_REGISTRY = /^(?!\*\.[^.]+$)(?!\*\.(\w{1,3}|info|name)\.[a-z]{2}$)/i;

/** How to reach Alipay+, and the keys of both sides. */
export class AlipayPlusSettings {
  /** Absent: the local twin. */
  @FromEnv('ALIPAYPLUS_BASE_URL', {
    kind: 'text',
    about: 'Scheme and host of Alipay+, without a path. Absent: the local twin is started.',
    example: 'https://open-sea-global.alipayplus.com',
  })
  @IsOptional()
  @ValidateBy({
    name: 'baseUrl',
    validator: {
      validate: isBaseUrl,
      defaultMessage: () => 'must be http(s)://host[:port] without a path, the port up to 65535',
    },
  })
  readonly baseUrl?: string;

  @FromEnv('ALIPAYPLUS_PROXY_URL', {
    kind: 'text',
    about:
      'HTTP proxy by which Alipay+ and its notify hosts are called (CONNECT), with user and password. Notify hosts have to be known to our own name server too. Absent: none; HTTP_PROXY is passed over.',
    example: 'http://mpp:secret@proxy.internal:3128',
  })
  @IsOptional()
  @IsProxyUrl()
  readonly proxyUrl?: string;

  @FromEnv('ALIPAYPLUS_CLIENT_ID', {
    kind: 'text',
    default: 'TEST_5X00000000000000',
    about: 'The id Alipay+ gave our application; it is part of every signature in both directions.',
    example: 'SANDBOX_5YC47N2ZQHJ004124',
  })
  @Matches(/^[\w-]+$/, { message: 'must be letters, digits, _ and - only' })
  @MaxLength(128)
  readonly clientId!: string;

  @FromEnv('ALIPAYPLUS_PRIVATE_KEY_FILE', {
    kind: 'text',
    about: 'File with our RSA private key, PEM or bare base64 of PKCS#8, 2048 bits or more.',
    example: '/run/secrets/alipayplus-private-key.pem',
  })
  @IsOptional()
  readonly privateKeyFile?: string;

  @FromEnv('ALIPAYPLUS_KEY_VERSION', {
    kind: 'text',
    default: '1',
    about: 'The version of our key at Alipay+.',
  })
  @Matches(/^\d{1,9}$/, { message: 'must be a number of 1 to 9 digits' })
  readonly keyVersion!: string;

  @FromEnv('ALIPAYPLUS_PUBLIC_KEY_FILES', {
    kind: 'pairs',
    about: 'The public keys of Alipay+ by version, PEM or bare base64 of SPKI. Several during a rotation.',
    example: '1=/run/secrets/alipayplus-1.pem,2=/run/secrets/alipayplus-2.pem',
  })
  @IsOptional()
  @IsObject({ message: 'must be version=path, separated by commas, each version once' })
  readonly publicKeyFiles?: Readonly<Record<string, string>>;

  @FromEnv('ALIPAYPLUS_KEYS_FILE', {
    kind: 'text',
    about:
      'File that lists all key files of both sides and says which version of ours signs; in the place of the three settings before. Read again on SIGHUP and by an operator, without restart; npm run rotate-keys writes it.',
    example: '/run/secrets/alipayplus/keys.json',
  })
  @IsOptional()
  readonly keysFile?: string;

  @FromEnv('ALIPAYPLUS_TIMEOUT_MS', {
    kind: 'integer',
    default: '8000',
    about: 'The longest one userInitiatedPay may take, connecting included, in ms.',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly timeoutMs!: number;

  @FromEnv('ALIPAYPLUS_NOTIFY_HOSTS', {
    kind: 'list',
    default:
      'open-sea.alipayplus.com,open-sea-global.alipayplus.com,open-na.alipayplus.com,open-na-global.alipayplus.com',
    about:
      'Hosts a notification may go to: host or host:port, *. for subdomains. Plain http only for a listed host:port, never in production.',
    example: '*.alipayplus.com',
  })
  @IsArray()
  @Matches(NOTIFY_HOST, { each: true, message: 'must be a list of host, host:port or *.domain' })
  @Matches(NOT_A_REGISTRY, {
    each: true,
    message: 'must not name everybody below a registry (*.com, *.co.uk)',
  })
  readonly notifyHosts!: readonly string[];

  @FromEnv('ALIPAYPLUS_NOTIFY_TIMEOUT_MS', {
    kind: 'integer',
    default: '5000',
    about: 'The longest one notifyPayment may take, connecting included, in ms.',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly notifyTimeoutMs!: number;

  @FromEnv('ALIPAYPLUS_USER_INITIATED_PAY_PATH', {
    kind: 'text',
    default: '/aps/api/v1/payments/userInitiatedPay',
    about: 'Path of userInitiatedPay at Alipay+; it is signed exactly as written here.',
  })
  @Matches(PATH, PATH_RULE)
  readonly userInitiatedPayPath!: string;

  @FromEnv('ALIPAYPLUS_INQUIRY_PATH', {
    kind: 'text',
    default: '/aps/api/v1/payments/inquiryPayment',
    about: 'Our path of inquiryPayment, which Alipay+ calls for the state of a payment.',
  })
  @Matches(PATH, PATH_RULE)
  readonly inquiryPath!: string;

  @FromEnv('ALIPAYPLUS_CANCEL_PATH', {
    kind: 'text',
    default: '/aps/api/v1/payments/cancelPayment',
    about: 'Our path of cancelPayment, which Alipay+ calls to cancel an order.',
  })
  @Matches(PATH, PATH_RULE)
  readonly cancelPath!: string;

  @FromEnv('ALIPAYPLUS_REFUND_PATH', {
    kind: 'text',
    default: '/aps/api/v1/payments/refund',
    about: 'Path at which Alipay+ asks for money to be given back.',
  })
  @Matches(PATH, PATH_RULE)
  readonly refundPath!: string;

  @FromEnv('ALIPAYPLUS_INQUIRY_REFUND_PATH', {
    kind: 'text',
    default: '/aps/api/v1/payments/inquiryRefund',
    about: 'Path at which Alipay+ asks for the state of a refund.',
  })
  @Matches(PATH, PATH_RULE)
  readonly inquiryRefundPath!: string;

  @FromEnv('ALIPAYPLUS_PUBLIC_PATH_PREFIX', {
    kind: 'text',
    default: '',
    about:
      'What a proxy before us takes off the paths that Alipay+ calls, whatever PUBLIC_PATH_PREFIX says; put back before a signature is checked or made, since it covers the whole path.',
    example: '/mpp',
  })
  @Matches(/^(\/[^\s?#]*[^\s?#/])?$/, {
    message: 'must be a path that starts with / and does not end with one',
  })
  readonly publicPathPrefix!: string;
}

function isBaseUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/[^\s/?#@]+\/?$/.test(value) && URL.canParse(value);
}
