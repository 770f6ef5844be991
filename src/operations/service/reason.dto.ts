import { Matches } from 'class-validator';
import { ApiProperty } from '../../platform/http/api-description.js';
import { Characters } from '../../platform/http/field.decorators.js';

/** What an operator has to say with everything that is done to the whole service. */
export class ReasonDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 200,
    description: 'Why; it is kept with who ordered it, from where and when.',
    example: 'Alipay+ asked for it, ticket 4711',
  })
  @Characters(1, 200)
  @Matches(/^$|\S/, { message: 'must say something' })
  readonly reason!: string;
}
