import { IsInt, Max, Min } from 'class-validator';
import { FromEnv } from '../../platform/config/from-env.js';

export class ExportSettings {
  @FromEnv('EXPORT_MAX_ROWS', {
    kind: 'integer',
    default: '1000000',
    about: 'The most payments of one CSV export; a larger one is refused before it begins.',
  })
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  readonly maxRows!: number;
}
