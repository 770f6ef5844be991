import { DeliveryPace, type PaceRules } from '../platform/delivery/delivery-pace.js';
import type { UrlRules } from '../alipay-plus/calls/notify-url.js';

/** How the notifier goes about it; put together from the settings where the application is composed. */
export interface NotifyRules extends PaceRules {
  readonly urls: UrlRules;
}

export class NotifyPolicy extends DeliveryPace {
  readonly urls: UrlRules;

  constructor(rules: NotifyRules) {
    super(rules);
    this.urls = rules.urls;
  }
}
