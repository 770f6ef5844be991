import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { DateTime } from 'luxon';
import type { CustomerId } from '../../payment-order/order/ids.js';
import { PAYMENT_STATUSES } from '../../payment-order/order/payment-status.js';
import type { PaymentsOfCustomer } from '../../payment-order/order/payments-of-customer.js';
import type { Principal } from '../../platform/auth/caller.js';
import { ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../platform/http/field.decorators.js';
import { withLostPlus } from '../../platform/http/input/lost-plus.js';
import type { FieldFault } from '../../platform/http/problem.js';
import { present } from '../../platform/present.js';
import { mustActFor } from '../caller.js';
import { badRequest } from '../payments.problems.js';
import { readPlace } from './place-in-list.js';

const USUAL_LIMIT = 20;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
const TIME_RULE = { message: 'must be a time of ISO 8601 with an offset, such as 2026-03-01T08:00:00+08:00' };
const WITH_PLUS = ({ value }: { value: unknown }): unknown =>
  // RFC 3339 has both letters in either case.
  typeof value === 'string' ? withLostPlus(value.toUpperCase()) : value;

/** Query of `GET /v1/payments`. */
export class PaymentsQuery {
  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: 64,
    description: 'Whose payments. May be left out when the token is made for one customer.',
  })
  @OptionalField()
  @Characters(1, 64)
  readonly customerId?: CustomerId;

  @ApiPropertyOptional({
    example: 'PAID,CANCELLED',
    description: `Only with one of these statuses, separated by commas: ${PAYMENT_STATUSES.join(', ')}.`,
  })
  @OptionalField()
  @Matches(/^[A-Z_]+(,[A-Z_]+){0,7}$/, { message: 'must be statuses of a payment, separated by commas' })
  readonly status?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-03-01T08:00:00+08:00',
    description: 'Only what was scanned at or after it.',
  })
  @OptionalField()
  @Transform(WITH_PLUS)
  @Matches(TIME, TIME_RULE)
  readonly from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only what was scanned before it.' })
  @OptionalField()
  @Transform(WITH_PLUS)
  @Matches(TIME, TIME_RULE)
  readonly to?: string;

  @ApiPropertyOptional({ maxLength: 200, description: '`nextCursor` of the page before.' })
  @OptionalField()
  @Characters(1, 200)
  readonly cursor?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: USUAL_LIMIT,
    description: 'Payments of a page.',
  })
  @OptionalField()
  @Matches(/^([1-9]\d?|100)$/, { message: 'must be a whole number from 1 to 100' })
  readonly limit?: string;
}

/** From a query with valid fields to what is searched; a token made for one customer sees no other. */
export function readPaymentsQuery(caller: Principal, query: PaymentsQuery): PaymentsOfCustomer {
  const customerId = query.customerId ?? caller.subject;
  const asked = query.status?.split(',');
  const [from, to] = [timeOf(query.from), timeOf(query.to)];
  const before = readPlace(query.cursor ?? '');
  const faults = [
    ...faultIf(!isEveryStatus(asked), 'status', `must be of ${PAYMENT_STATUSES.join(', ')}`),
    ...faultsOfRange(from, to),
    ...faultIf(query.cursor !== undefined && !before, 'cursor', 'must be the nextCursor of a page'),
  ];
  if (customerId === undefined) throw badRequest([...faults, NOBODY]);
  if (faults.length > 0) throw badRequest(faults);
  mustActFor(caller, customerId);
  return present<PaymentsOfCustomer>({
    customerId,
    statuses: asked && PAYMENT_STATUSES.filter((status) => asked.includes(status)),
    from: from?.toJSDate(),
    to: to?.toJSDate(),
    before,
    limit: Number(query.limit ?? USUAL_LIMIT),
  });
}

const NOBODY: FieldFault = {
  field: 'customerId',
  rule: 'is required with a token that is made for no customer',
};

function isEveryStatus(asked: readonly string[] = []): boolean {
  return asked.every((status) => PAYMENT_STATUSES.some((known) => known === status));
}

/** PostgreSQL has no year 0. */
function timeOf(text: string | undefined): DateTime | undefined {
  if (text === undefined) return undefined;
  const time = DateTime.fromISO(text, { zone: 'utc' });
  return time.year >= 1 ? time : DateTime.invalid('no such year');
}

function faultsOfRange(from: DateTime | undefined, to: DateTime | undefined): FieldFault[] {
  const isEmpty = from !== undefined && to !== undefined && from >= to;
  return [
    ...faultsOfTime('from', from),
    ...faultsOfTime('to', to),
    ...faultIf(isEmpty, 'to', 'must be later than from'),
  ];
}

function faultsOfTime(field: string, time: DateTime | undefined): FieldFault[] {
  return faultIf(time?.isValid === false, field, 'must be a time that exists');
}

function faultIf(isFault: boolean, field: string, rule: string): FieldFault[] {
  return isFault ? [{ field, rule }] : [];
}
