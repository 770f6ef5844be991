import { Module } from '@nestjs/common';
import { DebitModule } from '../debit/debit.module.js';
import { DecodeModule } from '../decode/decode.module.js';
import { EventsModule } from '../events/events.module.js';
import { NotifyModule } from '../notify/notify.module.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { BackgroundWork } from './background-work.js';
import { DecodeBacklog } from './decode-backlog.js';
import { Expiry } from './expiry.js';
import { MinuteSweeps } from './minute-sweeps.js';
import { MoneyAlarms } from './money-alarms.js';
import { RecordAnchors } from './record-anchors.js';
import { Retention } from './retention.js';
import { RowRetention } from './row-retention.js';
import { Steps } from './steps.js';
import { LateOrders } from './late-orders.js';
import { SweepFigures } from './sweep-figures.js';
import { SweepPlan } from './sweep-plan.js';
import { SweeperService } from './sweeper.service.js';
import { Wakers } from './wakers.js';

@Module({
  imports: [PaymentOrderModule, DecodeModule, DebitModule, NotifyModule, EventsModule],
  providers: [
    BackgroundWork,
    SweeperService,
    SweepPlan,
    MinuteSweeps,
    Wakers,
    DecodeBacklog,
    Steps,
    Expiry,
    LateOrders,
    MoneyAlarms,
    Retention,
    RowRetention,
    RecordAnchors,
    SweepFigures,
  ],
})
export class SweepModule {}
