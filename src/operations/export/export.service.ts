import { pipeline, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../platform/auth/caller.js';
import { DatabaseSettings } from '../../platform/database/database.settings.js';
import { ReadingPool, type SnapshotReader } from '../../platform/database/reading-pool.js';
import { platformProblem } from '../../platform/http/platform-problems.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { refuse } from '../operations.problems.js';
import { seerOf } from '../operator.js';
import { guessedTotal } from '../search/pager.js';
import { paymentCount, paymentRows, paymentsGuessed } from '../search/payment-search.sql.js';
import type { PaymentQuestion } from '../search/payment-walk.js';
import type { PaymentSearch } from '../search/search.js';
import { inTime, SearchService } from '../search/search.service.js';
import { ExportSettings } from './export.settings.js';
import { paymentsCsv } from './payments-csv.js';

/** Up to a million rows are sorted before the first one is sent. */
const STATEMENT_LIMIT_MS = 60_000;
const NOT_AUDITED = 'The log takes no lines at the moment, and no export goes out unseen. Try again later.';

/** Streams all results of a search as a file. */
@Injectable()
export class ExportService {
  private underWay = 0;
  /** Half of the connections stay for searches. */
  private readonly mostAtOnce: number;

  constructor(
    private readonly pool: ReadingPool,
    private readonly search: SearchService,
    private readonly settings: ExportSettings,
    private readonly log: EventLog,
    { readingPoolSize }: DatabaseSettings,
  ) {
    this.mostAtOnce = Math.floor(readingPoolSize / 2);
  }

  /**
   * The rows are read while they are sent: when the client stops reading, the query stops; when it disconnects, the
   * query ends.
   *
   * @throws ProblemError `EXPORT_TOO_WIDE` or `TOO_MANY_EXPORTS`, before the first byte
   */
  async paymentsCsv(
    caller: Caller,
    search: Pick<PaymentSearch, 'filters' | 'sort' | 'q'>,
  ): Promise<Readable> {
    if (this.underWay >= this.mostAtOnce)
      throw refuse('TOO_MANY_EXPORTS', { headers: { 'retry-after': '30' } });
    this.underWay += 1;
    try {
      return await inTime(async () => this.streamOf(caller, await this.search.paymentQuestion(search)));
    } catch (error) {
      this.underWay -= 1;
      throw error;
    }
  }

  private async streamOf(caller: Caller, question: PaymentQuestion): Promise<Readable> {
    // One snapshot of the rows: exactly the counted ones are sent.
    const reader = await this.pool.openSnapshot(STATEMENT_LIMIT_MS);
    try {
      const count = await this.countOf(question, reader);
      // Logged before the first row is sent, so that it is logged even if the process dies later.
      if (!this.log.audit('payments.export_begun', { ...seerOf(caller), rows: count }))
        throw platformProblem('SERVICE_UNAVAILABLE', { detail: NOT_AUDITED });
      return pipeline(
        reader.rows(paymentRows(question, count)),
        paymentsCsv(),
        this.atTheEnd(caller, reader, count),
      );
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  private async countOf(question: PaymentQuestion, reader: SnapshotReader): Promise<number> {
    const { maxRows } = this.settings;
    const [row] = await reader.run<{ count: number }>(paymentCount(question, maxRows + 1));
    const count = row?.count ?? 0;
    if (count <= maxRows) return count;
    const total = await guessedTotal(reader, paymentsGuessed(question), count);
    throw refuse('EXPORT_TOO_WIDE', {
      detail:
        `More than ${maxRows} payments fit, and one export holds no more (EXPORT_MAX_ROWS). Narrow it by from and to, ` +
        'for example month by month, or by merchant, acquirerId, status or currency.',
      extra: { limit: maxRows, total },
    });
  }

  private atTheEnd(caller: Caller, reader: SnapshotReader, rows: number): (error?: Error | null) => void {
    const startedAt = performance.now();
    return (error) => {
      this.underWay -= 1;
      void reader.close();
      const ms = Math.round(performance.now() - startedAt);
      const outcome = error ? 'broken_off' : 'complete';
      this.log.audit('payments.exported', { ...seerOf(caller), rows, outcome, ms });
    };
  }
}
