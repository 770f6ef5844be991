import { IsIn, IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';
import { SUPPORTABLE_FLAGS } from '../payment-order/order/requirements.js';

export class DecodeSettings {
  @FromEnv('DECODE_WINDOW_MS', {
    kind: 'integer',
    default: '60000',
    about: 'How long an unknown code is decoded again, in ms from the scan; then the scan is given up.',
  })
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  readonly windowMs!: number;

  @FromEnv('DECODE_RETRY_BASE_MS', {
    kind: 'integer',
    default: '500',
    about: 'Wait before the second attempt to decode, in ms; it doubles with every further attempt.',
  })
  @IsInt()
  @Min(10)
  @Max(60_000)
  readonly retryBaseMs!: number;

  @FromEnv('DECODE_RETRY_MAX_MS', {
    kind: 'integer',
    default: '5000',
    about: 'The longest wait between two attempts to decode, in ms.',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  readonly retryMaxMs!: number;

  @FromEnv('DECODE_RETRY_RATE', {
    kind: 'integer',
    default: '50',
    about: 'The most repeated decodes a second, all processes together. New scans do not count.',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly retryRate!: number;

  @FromEnv('DECODE_STOP_MS', {
    kind: 'integer',
    default: '10000',
    about:
      'How long a process pauses decoding when nearly every answer says that the fault is ours, in ms; then one call tests it.',
  })
  @IsInt()
  @Min(100)
  @Max(600_000)
  readonly stopMs!: number;

  @FromEnv('SUPPORTED_FLAGS', {
    kind: 'list',
    default: '',
    about:
      'Flags of paymentFactor that the wallet takes care of, each proved with the confirm (docs/wallet-ledger.md); an order with any other guarded flag is held, or never payable.',
    example: 'needOtpVerification,needCheckCompliance',
  })
  @IsIn(SUPPORTABLE_FLAGS, {
    each: true,
    message: `must be among ${SUPPORTABLE_FLAGS.join(', ')}: for no other flag a proof is defined that it was heeded`,
  })
  readonly supportedFlags!: string[];

  @FromEnv('AMOUNT_CHECK', {
    kind: 'text',
    default: 'flag',
    about:
      'What to do when the amounts and the rate of an answer disagree: `off`, `flag` (kept and shown) or `reject` (the order is held).',
  })
  @IsIn(['off', 'flag', 'reject'], { message: 'must be off, flag or reject' })
  readonly amountCheck!: 'off' | 'flag' | 'reject';
}
