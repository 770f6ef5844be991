import { ReasonField } from '../reason.js';

/** The reason that an operator gives for an act on the whole service. */
export class ReasonDto {
  @ReasonField(
    'Why; it is kept with who ordered it, from where and when.',
    'Alipay+ asked for it, ticket 4711',
  )
  readonly reason!: string;
}
