import { IsIn } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';

export class AmountCheckSettings {
  @FromEnv('AMOUNT_CHECK', {
    kind: 'text',
    default: 'flag',
    about:
      'What happens when amounts and rate of an answer do not fit each other: `off`, `flag` (kept and shown) or `reject` (held).',
  })
  @IsIn(['off', 'flag', 'reject'], { message: 'must be off, flag or reject' })
  readonly amountCheck!: 'off' | 'flag' | 'reject';
}
