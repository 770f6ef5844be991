import { Module } from '@nestjs/common';
import { AlipayPlusModule } from '../alipay-plus/alipay-plus.module.js';
import { DebitModule } from '../debit/debit.module.js';
import { DecodeModule } from '../decode/decode.module.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { ActTools } from './acts/act-tools.js';
import { ActsController } from './acts/acts.controller.js';
import { ActsService } from './acts/acts.service.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ApprovalsService } from './approvals/approvals.service.js';
import { Proposals } from './approvals/proposals.js';
import { EventsController } from './events/events.controller.js';
import { OperatorEvents } from './events/events.service.js';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { ExportController } from './export/export.controller.js';
import { ExportService } from './export/export.service.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesService } from './notes/notes.service.js';
import { RedeliveryController } from './redelivery/redelivery.controller.js';
import { RedeliveryService } from './redelivery/redelivery.service.js';
import { SearchController } from './search/search.controller.js';
import { SearchService } from './search/search.service.js';
import { PaymentSnapshots } from './snapshot/payment-snapshots.js';
import { KeysController } from './service/keys.controller.js';
import { PausesService } from './service/pauses.service.js';
import { QueuesController } from './service/queues.controller.js';
import { SummaryController } from './summary/summary.controller.js';
import { SummaryService } from './summary/summary.service.js';
import { PaymentViewController } from './view/payment-view.controller.js';
import { PaymentViewService } from './view/payment-view.service.js';

@Module({
  imports: [AlipayPlusModule, PaymentOrderModule, DecodeModule, DebitModule],
  controllers: [
    SearchController,
    ExportController,
    RedeliveryController,
    EventsController,
    PaymentViewController,
    ExplainController,
    ActsController,
    NotesController,
    ApprovalsController,
    SummaryController,
    KeysController,
    QueuesController,
  ],
  providers: [
    SearchService,
    ExportService,
    RedeliveryService,
    OperatorEvents,
    PaymentSnapshots,
    PaymentViewService,
    ExplainService,
    ActTools,
    ActsService,
    NotesService,
    Proposals,
    ApprovalsService,
    SummaryService,
    PausesService,
  ],
  exports: [
    ExportService,
    SearchService,
    PaymentSnapshots,
    PaymentViewService,
    ExplainService,
    ActsService,
    NotesService,
    Proposals,
    ApprovalsService,
    RedeliveryService,
    SummaryService,
    PausesService,
  ],
})
export class OperationsModule {}
