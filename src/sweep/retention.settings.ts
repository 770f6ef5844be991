import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';

const MOST_DAYS = 36_500;

/** How long each class of data is kept (docs/privacy.md). */
export class RetentionSettings {
  @FromEnv('EVIDENCE_RETENTION_DAYS', {
    kind: 'integer',
    default: '400',
    about:
      'How long it is kept that calls were made and what came of them, and scans that came to nothing, in days. Orders, their history, debits and results stay.',
  })
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  readonly evidenceDays!: number;

  @FromEnv('MESSAGES_RETENTION_DAYS', {
    kind: 'integer',
    default: '180',
    about:
      'How long messages sent to and received from Alipay+ are kept, in days: buyer, shipping, goods. At the longest as long as EVIDENCE_RETENTION_DAYS.',
  })
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  readonly messagesDays!: number;

  @FromEnv('ORDER_CONTENT_RETENTION_DAYS', {
    kind: 'integer',
    default: '730',
    about:
      'How long the texts of an order are kept after the payment has ended, in days: goods, description, pass-through. Amounts, states and merchant stay.',
  })
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  readonly orderContentDays!: number;

  @FromEnv('RESULT_RETENTION_DAYS', {
    kind: 'integer',
    default: '400',
    about:
      'How long the bytes of a result are kept after Alipay+ has acknowledged them, in days. What the result was stays, and so does the hash of its bytes.',
  })
  @IsInt()
  @Min(2)
  @Max(MOST_DAYS)
  readonly resultsDays!: number;

  @FromEnv('FAILED_JOB_RETENTION_HOURS', {
    kind: 'integer',
    default: '24',
    about:
      'How long a failed job stays in its queue for analysis, in hours; at most the last 1,000 of each queue.',
  })
  @IsInt()
  @Min(1)
  @Max(8_760)
  readonly failedJobHours!: number;
}
