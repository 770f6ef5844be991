import type { JSX } from 'preact';
import { keptMoney } from '../../../payment-order/order/money.js';
import type { OrderContent, Promotion } from '../../../payment-order/order/order-content.js';
import type { DebitSnapshot, PaymentSnapshot, RefundSnapshot } from '../../snapshot/payment-snapshot.js';
import { Amount, Facts, Id, type Fact } from './facts.js';
import { State } from './state.js';
import { Time } from './time.js';

/** What is known of a payment, apart from its history. */
export function PaymentFacts({ snapshot }: { snapshot: PaymentSnapshot }): JSX.Element {
  return (
    <div>
      <OrderFacts snapshot={snapshot} />
      <MoneyFacts snapshot={snapshot} />
      {snapshot.debits.toReversed().map((debit) => (
        <DebitFacts key={debit.debitId} debit={debit} />
      ))}
      {snapshot.refunds.toReversed().map((refund) => (
        <RefundFacts key={refund.refundId} refund={refund} />
      ))}
      <NotificationFacts snapshot={snapshot} />
      <ScanFacts snapshot={snapshot} />
    </div>
  );
}

function OrderFacts({ snapshot: { order } }: { snapshot: PaymentSnapshot }): JSX.Element {
  const { content, result } = order;
  return (
    <section class="panel" aria-labelledby="order">
      <h2 id="order">Order</h2>
      <Facts
        of={[
          ['paymentId', <Id>{order.paymentId}</Id>],
          ['paymentRequestId', <Id>{order.paymentRequestId}</Id>],
          ['referenceOrderId', content.referenceOrderId && <Id>{content.referenceOrderId}</Id>],
          [
            'Customer',
            <a href={`/console/payments?customerId=${encodeURIComponent(order.customerId)}`}>
              {order.customerId}
            </a>,
          ],
          ...merchantFacts(content),
          ['Description', content.orderDescription],
          ['Goods', goodsLines(content)],
          ['Asks for', asksFor(content)],
          ['The payer goes on to', content.redirectUrl],
          ['Acquirer', order.acquirerId],
          ['PSP', order.pspId],
          ['Scenario', order.scenario],
          ['Held because', order.heldReason],
          ['Amounts', order.amountFlag],
          [
            'Conflict',
            order.contentConflict && 'Alipay+ answered twice, differently; the first answer is kept',
          ],
          ['Expires', <Time at={order.expiresAt} />],
          ['Cancel requested', order.cancelRequestedAt && <Time at={order.cancelRequestedAt} />],
          ['Ended', order.finishedAt && <Time at={order.finishedAt} />],
          ['Result', result && `${result.resultStatus} ${result.resultCode}`],
        ]}
      />
    </section>
  );
}

function merchantFacts({ merchant }: OrderContent): readonly Fact[] {
  if (!merchant) return [];
  return [
    ['Merchant', merchant.merchantDisplayName ?? merchant.merchantName],
    ['Store', merchant.storeName],
    ['Merchant id', merchant.referenceMerchantId && <Id>{merchant.referenceMerchantId}</Id>],
    ['Merchant category', merchant.merchantMCC],
    ['Region', merchant.region],
  ];
}

function goodsLines({ goods }: OrderContent): JSX.Element | undefined {
  if (goods === undefined) return undefined;
  return (
    <ul class="plain">
      {goods.map(({ name, quantity, unitAmount }, at) => (
        <li key={at}>
          {quantity !== undefined && `${quantity} × `}
          {name ?? 'unnamed'}
          {unitAmount && (
            <>
              {' at '}
              <Amount of={keptMoney(unitAmount)} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function asksFor({ requirements }: OrderContent): string | undefined {
  if (!requirements) return undefined;
  const { flags, proofs, authorizationInfo } = requirements;
  const words = [...flags, ...proofs.map((proof) => `proof: ${proof}`)];
  return [...words, ...(authorizationInfo ? ['authorizationInfo'] : [])].join(', ') || undefined;
}

function promotionLines(promotions: readonly Promotion[]): JSX.Element | undefined {
  if (promotions.length === 0) return undefined;
  return (
    <ul class="plain">
      {promotions.map(({ promoId, promoName, promoType, savingsAmount }, at) => (
        <li key={at}>
          {promoName ?? promoType ?? 'unnamed'} {promoId !== undefined && <Id>{promoId}</Id>}
          {savingsAmount && (
            <>
              {' saves '}
              <Amount of={keptMoney(savingsAmount)} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function MoneyFacts({ snapshot: { order } }: { snapshot: PaymentSnapshot }): JSX.Element {
  const { exchangeRate, orderAmount, promotions, surcharged } = order.content;
  return (
    <section class="panel" aria-labelledby="money">
      <h2 id="money">Money</h2>
      <Facts
        of={[
          ['The payer pays', <Amount of={order.payAmount} />],
          ['Settled with Alipay+', <Amount of={order.payToAmount} />],
          ['The merchant gets', <Amount of={order.paymentAmount} />],
          ['The merchant stated', orderAmount && <Amount of={keptMoney(orderAmount)} />],
          ['Promotions', promotionLines(promotions)],
          ['Surcharge', surcharged && 'The payer pays the amount with it'],
          ['Rate', exchangeRate && Object.values(exchangeRate).join(' ')],
          ['Quote', order.quoteId && <Id>{order.quoteId}</Id>],
          ['Quote expires', order.quoteExpiresAt && <Time at={order.quoteExpiresAt} />],
        ]}
      />
    </section>
  );
}

function DebitFacts({ debit }: { debit: DebitSnapshot }): JSX.Element {
  const heading = `debit-${debit.sequence}`;
  return (
    <section class="panel" aria-labelledby={heading}>
      <h2 id={heading}>
        Debit {debit.sequence > 1 && debit.sequence} <State of={debit.status} />
      </h2>
      <Facts
        of={[
          ['Key', <Id>{debit.debitId}</Id>],
          ['Amount', <Amount of={debit.amount} />],
          ["The ledger's reference", debit.ledgerReference && <Id>{debit.ledgerReference}</Id>],
          ['Refused', debit.refusalCode],
          ['Unknown because', debit.unknownReason],
          ['Calls of the ledger', debit.tries],
          ['Next call', debit.nextAttemptAt && <Time at={debit.nextAttemptAt} />],
        ]}
      />
    </section>
  );
}

function RefundFacts({ refund }: { refund: RefundSnapshot }): JSX.Element {
  const heading = `refund-${refund.refundId}`;
  return (
    <section class="panel" aria-labelledby={heading}>
      <h2 id={heading}>
        Refund <State of={refund.status} />
      </h2>
      <Facts
        of={[
          ['The payer gets back', <Amount of={refund.amount} />],
          ['Of the order', <Amount of={refund.refundAmount} />],
          ['refundRequestId', <Id>{refund.refundRequestId}</Id>],
          ['Key', <Id>{refund.refundId}</Id>],
          ['Requested', <Time at={refund.createdAt} />],
          ['Made, as sent to Alipay+', refund.refundTime],
          ['Refused with', refund.resultCode],
          ["The ledger's word", refund.refusalCode],
          ['Unknown because', refund.unknownReason],
          ['Amounts', refund.amountFlag],
          ["The ledger's reference", refund.ledgerReference && <Id>{refund.ledgerReference}</Id>],
          ['Calls of the ledger', refund.tries],
          ['Next call', refund.nextAttemptAt && <Time at={refund.nextAttemptAt} />],
          ['A process works on it until', refund.leaseUntil && <Time at={refund.leaseUntil} />],
        ]}
      />
    </section>
  );
}

function NotificationFacts({ snapshot }: { snapshot: PaymentSnapshot }): JSX.Element {
  const { notification, inquiries } = snapshot;
  return (
    <section class="panel" aria-labelledby="notification">
      <h2 id="notification">Result sent to Alipay+ {notification && <State of={notification.status} />}</h2>
      {notification === undefined && <p class="quiet">The payment is not final: there is no result yet.</p>}
      {notification !== undefined && (
        <Facts
          of={[
            ['Attempts', notification.tries],
            ['Last answer', notification.lastOutcome],
            ['Acknowledged', notification.deliveredAt && <Time at={notification.deliveredAt} />],
            ['Next attempt', notification.nextAttemptAt && <Time at={notification.nextAttemptAt} />],
            ['Parked at', notification.nextAttemptAt && <Time at={notification.givesUpAt} />],
            ['To', <Id>{notification.url}</Id>],
            ['SHA-256 of the body', <Id>{notification.bodySha256}</Id>],
            ['Requested by', notification.requestedBy],
          ]}
        />
      )}
      {inquiries !== undefined && (
        <p class="note">
          Alipay+ inquired {inquiries.asked} times, last at <Time at={inquiries.lastAskedAt} />, and was
          answered {inquiries.lastPaymentStatus ?? 'no result'} {inquiries.lastPaymentCode}.
        </p>
      )}
    </section>
  );
}

function ScanFacts({ snapshot: { scans } }: { snapshot: PaymentSnapshot }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="scans">
      <h2 id="scans">Scans</h2>
      {scans.map((scan) => (
        <Facts
          key={scan.scanId}
          of={[
            ['scanId', <Id>{scan.scanId}</Id>],
            ['Scanned', <Time at={scan.createdAt} />],
            ['By', scan.customerId],
            ['Ended', <State of={scan.status} />],
            ['Hash of the code', <Id>{scan.codeSha256}</Id>],
          ]}
        />
      ))}
    </section>
  );
}
