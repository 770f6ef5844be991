import { Matches } from 'class-validator';
import { ApiPropertyOptional } from '../../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../../platform/http/field.decorators.js';
import type { TimeRange } from './time-range.js';

export const TIME_SORTS = ['-createdAt', 'createdAt'] as const;
export type TimeSort = (typeof TIME_SORTS)[number];

/** The fields of a query that filter the list; a row must meet every given one. */
export type FiltersOf<Query extends object> = Omit<
  Query,
  'q' | 'from' | 'to' | 'zone' | 'sort' | 'cursor' | 'limit'
> &
  TimeRange;

/** In characters: the longest code a payer can scan. */
const LONGEST_Q = 512;

/** The time range of a list, and any identifier. */
export class RangeQuery {
  @ApiPropertyOptional({
    description:
      'Any identifier: paymentId, paymentRequestId, referenceOrderId, customerId, scanId, the key of a debit or refund, refundRequestId, the reference of the ledger, quoteId, ' +
      'the id of an event or approval, the SHA-256 of a code, or what a code says, which is looked up by its hash. It is found whatever `from` and `to` are; the other filters count.',
  })
  @OptionalField()
  @Characters(1, LONGEST_Q)
  readonly q?: string;

  @ApiPropertyOptional({
    example: '2026-03-01T08:00:00+08:00',
    description: 'Only what was made at or after it. ISO 8601, with an offset or with `zone`.',
  })
  @OptionalField()
  @Characters(1, 40)
  readonly from?: string;

  @ApiPropertyOptional({ example: '2026-03-02', description: 'Only what was made before it.' })
  @OptionalField()
  @Characters(1, 40)
  readonly to?: string;

  @ApiPropertyOptional({
    example: 'Asia/Shanghai',
    description: 'The time zone (IANA) of a `from` or `to` that has no offset.',
  })
  @OptionalField()
  @Characters(1, 64)
  readonly zone?: string;
}

/** The cursor of a page of a list. */
export function CursorField(): (query: { readonly cursor?: string }, name: 'cursor') => void {
  return (query, name) => {
    ApiPropertyOptional({
      description: '`nextCursor` or `prevCursor` of an answer to the same filters and `sort`.',
    })(query, name);
    OptionalField()(query, name);
    Matches(/^[A-Za-z0-9_-]{10,300}$/, {
      message: 'must be a cursor of an earlier answer to the same search',
    })(query, name);
  };
}

/** The length of a page of a list. */
export function LimitField(): (query: { readonly limit?: string }, name: 'limit') => void {
  return (query, name) => {
    ApiPropertyOptional({
      type: 'integer',
      minimum: 1,
      maximum: 200,
      default: 50,
      description: 'Rows of a page.',
    })(query, name);
    OptionalField()(query, name);
    Matches(/^([1-9]\d?|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })(query, name);
  };
}

/** One page of a list. */
export class ListQuery extends RangeQuery {
  @CursorField()
  readonly cursor?: string;

  @LimitField()
  readonly limit?: string;
}
