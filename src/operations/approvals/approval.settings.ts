import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { FromEnv } from '../../platform/config/from-env.js';

const APPROVAL_RULES = ['none', 'money', 'all'] as const;
export type ApprovalRule = (typeof APPROVAL_RULES)[number];

/** The acts that an operator may not do alone. */
export class ApprovalSettings {
  @FromEnv('APPROVAL_REQUIRED', {
    kind: 'text',
    about:
      'What needs a second person, with payments:approve: `money` acts after which money may move, `all` these and resending more than APPROVAL_RESEND_LIMIT, `none` nothing. Absent: `all` in production without ALLOW_EMBEDDED, otherwise `none`.',
    example: 'all',
  })
  @IsOptional()
  @IsIn(APPROVAL_RULES, { message: `must be one of ${APPROVAL_RULES.join(', ')}` })
  readonly required?: ApprovalRule;

  @FromEnv('APPROVAL_RESEND_LIMIT', {
    kind: 'integer',
    default: '20',
    about: 'How many results or events one person may resend with one call.',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly resendLimit!: number;

  @FromEnv('APPROVAL_VALID_MINUTES', {
    kind: 'integer',
    default: '240',
    about: 'How long a proposal waits for its second person, in minutes; afterwards it has to be made again.',
  })
  @IsInt()
  @Min(1)
  @Max(10_080)
  readonly validMinutes!: number;
}
