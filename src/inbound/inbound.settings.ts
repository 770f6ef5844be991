import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../platform/config/from-env.js';

export class InboundSettings {
  @FromEnv('ALIPAYPLUS_MAX_SKEW_MS', {
    kind: 'integer',
    default: '0',
    about:
      'The largest difference between the Request-Time of a call of Alipay+ and our clock, in ms; 0 only reports it.',
  })
  @IsInt()
  @Min(0)
  @Max(3_600_000)
  readonly maxSkewMs!: number;
}
