import { DeliveryPace, type PaceRules } from '../platform/delivery/delivery-pace.js';
import type { UrlRules } from '../alipay-plus/calls/notify-url.js';

/** The settings of the notifier; made where the application is composed. */
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
