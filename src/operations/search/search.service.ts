import { Injectable } from '@nestjs/common';
import { ReadingPool } from '../../platform/database/reading-pool.js';
import { Sealing } from '../../platform/sealing/sealing.js';
import { refuse } from '../operations.problems.js';
import { isUndelivered } from './payment-conditions.js';
import { foundIds, identifierLookup, type FoundIdRow, type FoundIds } from './identifiers.js';
import { readingsOf } from './pasted-id.js';
import * as events from './event-search.sql.js';
import * as notifications from './notification-search.sql.js';
import { readPage } from './pager.js';
import * as payments from './payment-search.sql.js';
import type { PaymentQuestion } from './payment-walk.js';
import * as scans from './scan-search.sql.js';
import type { EventSearch, NotificationSearch, PaymentSearch, ScanSearch } from './search.js';
import type {
  FoundEventDto,
  FoundNotificationDto,
  FoundPaymentDto,
  FoundScanDto,
  Page,
} from './search.dto.js';
import { foundEvent, foundNotification, foundPayment, foundScan } from './search.view.js';

/** Finds payments, scans and notifications by what operators know of them, one page at a time. */
@Injectable()
export class SearchService {
  constructor(
    private readonly pool: ReadingPool,
    private readonly sealing: Sealing,
  ) {}

  payments(search: PaymentSearch): Promise<Page<FoundPaymentDto>> {
    return inTime(async () => {
      const question = await this.paymentQuestion(search);
      const page = await readPage(this.pool, search, {
        list: 'payments',
        page: (limit, cursor) => payments.paymentPage(question, limit, cursor),
        guess: () => payments.paymentsGuessed(question),
        item: foundPayment,
      });
      return withFound(page, question.found);
    });
  }

  scans(search: ScanSearch): Promise<Page<FoundScanDto>> {
    return inTime(async () => {
      const question = { ...search, ...(await this.foundOf(search.q)) };
      const page = await readPage(this.pool, search, {
        list: 'scans',
        page: (limit, cursor) => scans.scanPage(question, limit, cursor),
        guess: () => scans.scansGuessed(question),
        item: foundScan,
      });
      return withFound(page, question.found);
    });
  }

  notifications(search: NotificationSearch): Promise<Page<FoundNotificationDto>> {
    return inTime(async () => {
      const question = { ...search, ...(await this.foundOf(search.q)) };
      const page = await readPage(this.pool, search, {
        list: 'notifications',
        page: (limit, cursor) => notifications.notificationPage(question, limit, cursor),
        guess: () => notifications.notificationsGuessed(question),
        item: foundNotification,
      });
      return withFound(page, question.found);
    });
  }

  events(search: EventSearch): Promise<Page<FoundEventDto>> {
    return inTime(async () => {
      const question = { ...search, ...(await this.foundOf(search.q)) };
      const page = await readPage(this.pool, search, {
        list: 'events',
        page: (limit, cursor) => events.eventPage(question, limit, cursor),
        guess: () => events.eventsGuessed(question),
        item: foundEvent,
      });
      return withFound(page, question.found);
    });
  }

  /** Looks up what the statement depends on: the meaning of `q`, and the names that begin like the merchant. */
  async paymentQuestion({
    filters,
    sort,
    q,
  }: Pick<PaymentSearch, 'filters' | 'sort' | 'q'>): Promise<PaymentQuestion> {
    const { merchant } = filters;
    const found = await this.foundOf(q);
    const isFew = found.found !== undefined || isFewOrders(filters);
    const names = merchant === undefined || isFew ? undefined : await this.namesOf(merchant);
    return { filters, sort, ...found, ...(names && { merchantNames: names }) };
  }

  private async foundOf(q: string | undefined): Promise<{ found?: FoundIds }> {
    if (q === undefined) return {};
    let found = foundIds(q, []);
    for (const reading of readingsOf(q)) {
      found = await this.lookUp(reading);
      if (found.recognisedAs.length > 0) break;
    }
    return { found };
  }

  private async lookUp(id: string): Promise<FoundIds> {
    return foundIds(id, await this.pool.run<FoundIdRow>(identifierLookup(id, this.sealing.digests(id))));
  }

  private async namesOf(merchant: string): Promise<string[] | undefined> {
    const rows = await this.pool.run<{ value: string }>(payments.merchantNames(merchant));
    return rows.length > payments.MOST_NAMES ? undefined : rows.map(({ value }) => value);
  }
}

/** An order, a customer or an undelivered result leaves so few rows that the merchant is checked afterwards. */
function isFewOrders(filters: PaymentSearch['filters']): boolean {
  const { paymentId, paymentRequestId, referenceOrderId, customerId } = filters;
  if (isUndelivered(filters.notificationStatus)) return true;
  return [paymentId, paymentRequestId, referenceOrderId, customerId].some((id) => id !== undefined);
}

function withFound<Item>(page: Page<Item>, found: FoundIds | undefined): Page<Item> {
  return found === undefined ? page : { ...page, recognisedAs: found.recognisedAs };
}

const QUERY_CANCELED = '57014';

/**
 * A query that reaches its time limit is refused with advice.
 *
 * @throws ProblemError `SEARCH_TOO_SLOW`
 */
export async function inTime<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    throw code === QUERY_CANCELED ? refuse('SEARCH_TOO_SLOW', { cause }) : cause;
  }
}
