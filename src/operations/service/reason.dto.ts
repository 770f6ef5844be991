import { ReasonField } from '../reason.js';

/** What an operator has to say with everything that is done to the whole service. */
export class ReasonDto {
  @ReasonField(
    'Why; it is kept with who ordered it, from where and when.',
    'Alipay+ asked for it, ticket 4711',
  )
  readonly reason!: string;
}
