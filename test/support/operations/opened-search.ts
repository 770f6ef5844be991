import { Sealing } from '../../../src/platform/sealing/sealing.js';
import { plainToInstance } from 'class-transformer';
import { NotificationsQuery } from '../../../src/operations/search/query/notifications.query.js';
import { PaymentsQuery } from '../../../src/operations/search/query/payments.query.js';
import { ScansQuery } from '../../../src/operations/search/query/scans.query.js';
import {
  readNotificationSearch,
  readPaymentSearch,
  readScanSearch,
} from '../../../src/operations/search/query/read-search.js';
import type { Page } from '../../../src/operations/search/search.dto.js';
import { SearchService } from '../../../src/operations/search/search.service.js';
import { ReadingPool, type Query } from '../../../src/platform/database/reading-pool.js';
import type { DocumentedSearch } from './documented-searches.js';

/** Records its queries, so that a test can see their plans. */
class RememberingPool extends ReadingPool {
  asked: Query[] = [];

  override run<Row>(query: Query): Promise<Row[]> {
    this.asked.push(query);
    return super.run(query);
  }
}

/** The search of operators, over a given database, without HTTP around it. */
export class OpenedSearch {
  readonly pool: RememberingPool;
  private readonly service: SearchService;

  constructor(url: string) {
    this.pool = new RememberingPool({ url, poolSize: 2, readingPoolSize: 2 });
    this.service = new SearchService(this.pool, new Sealing());
  }

  page(
    { list, query }: DocumentedSearch,
    { cursor, limit = 50 }: { cursor?: string; limit?: number } = {},
  ): Promise<Page<unknown>> {
    const asked = { ...query, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
    if (list === 'payments')
      return this.service.payments(readPaymentSearch(plainToInstance(PaymentsQuery, asked)));
    if (list === 'scans') return this.service.scans(readScanSearch(plainToInstance(ScansQuery, asked)));
    return this.service.notifications(readNotificationSearch(plainToInstance(NotificationsQuery, asked)));
  }

  /** The queries that the search runs, one by one. */
  async asked(search: DocumentedSearch, more: { cursor?: string } = {}): Promise<readonly Query[]> {
    this.pool.asked = [];
    await this.page(search, more);
    return this.pool.asked.filter(({ text }) => !text.startsWith('explain'));
  }

  close(): Promise<void> {
    return this.pool.onApplicationShutdown();
  }
}
