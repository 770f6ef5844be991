import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { EventBody } from './event-body.js';
import { EventEndpoints } from './event-endpoints.js';
import { EventFigures } from './event-figures.js';
import { EventSender } from './event-sender.js';
import { EventsService } from './events.service.js';

/** It asks its surroundings for `EventViews`, which the application provides. */
@Module({
  imports: [PaymentOrderModule],
  providers: [EventsService, EventSender, EventBody, EventEndpoints, EventFigures],
  exports: [EventsService],
})
export class EventsModule {}
