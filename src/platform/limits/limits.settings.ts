import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../config/from-env.js';

const MOST = 100_000_000;

/** The limits of one caller; all processes count together. 0 sets no limit. */
export class LimitsSettings {
  @FromEnv('LIMIT_TOKEN_PER_MINUTE', {
    kind: 'integer',
    default: '120000',
    about:
      'Requests with one API key, or of one client of the identity provider, in a minute; 0 for no limit.',
  })
  @IsInt()
  @Min(0)
  @Max(MOST)
  readonly tokenPerMinute!: number;

  @FromEnv('LIMIT_CUSTOMER_PER_MINUTE', {
    kind: 'integer',
    default: '6000',
    about:
      'New requests for one customer, and all with a token made for that customer, in a minute; 0 for no limit.',
  })
  @IsInt()
  @Min(0)
  @Max(MOST)
  readonly customerPerMinute!: number;

  @FromEnv('LIMIT_ADDRESS_PER_MINUTE', {
    kind: 'integer',
    default: '240000',
    about:
      'Requests from one address (in IPv6 one /64) in a minute, signed calls and probes excepted; 0 for no limit. Behind a proxy set TRUST_PROXY.',
  })
  @IsInt()
  @Min(0)
  @Max(MOST)
  readonly addressPerMinute!: number;

  @FromEnv('LIMIT_FAILED_SIGN_INS_PER_MINUTE', {
    kind: 'integer',
    default: '120',
    about:
      'Tokens from one address that are not accepted, in a minute; then 429, and no sign-in to the console. 0 for no limit.',
  })
  @IsInt()
  @Min(0)
  @Max(MOST)
  readonly failedSignInsPerMinute!: number;
}
