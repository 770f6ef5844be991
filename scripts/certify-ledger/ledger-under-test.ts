import { randomUUID } from 'node:crypto';
import { CoreClient, type CoreAddress } from './core-client.js';
import { Purse } from './purse.js';

export interface Certification extends CoreAddress {
  /** A customer with money that nothing else uses meanwhile. */
  readonly customerId?: string;
  readonly currency: string;
  /** A customer with little or no money. */
  readonly poorId?: string;
  readonly blockedId?: string;
  /** The ledger knows its caller by the client certificate and does not check signatures. */
  readonly certificateOnly?: boolean;
}

/** The ledger of a wallet, and the customers that may be used in it. */
export class LedgerUnderTest {
  readonly client: CoreClient;
  readonly currency: string;
  readonly blockedId: string | undefined;
  readonly checksSignatures: boolean;
  /** A customer that no ledger has. */
  readonly nobody = `nobody-${randomUUID()}`;
  readonly otherCurrency: string;
  readonly payer: Purse | undefined;
  readonly poor: Purse | undefined;
  /** The payer's account in another currency, if there is one. */
  readonly payersOther: Purse | undefined;

  constructor(certification: Certification) {
    const { customerId, currency, poorId, blockedId, certificateOnly = false } = certification;
    this.client = new CoreClient(certification);
    this.currency = currency;
    this.blockedId = blockedId;
    this.checksSignatures = !certificateOnly;
    this.otherCurrency = currency === 'JPY' ? 'HKD' : 'JPY';
    const purse = (of: string | undefined, money: string) =>
      of === undefined ? undefined : new Purse(this.client, of, money);
    this.payer = purse(customerId, currency);
    this.poor = purse(poorId, currency);
    this.payersOther = purse(customerId, this.otherCurrency);
  }
}
