import type { JSX } from 'preact';
import { displayMoney } from '../../../payment-order/order/money.js';
import { currentDebit, type PaymentSnapshot } from '../../snapshot/payment-snapshot.js';
import { Sum } from './facts.js';
import { State } from './state.js';

/** The amount and the merchant: what a payer on the phone can say. */
export function paymentTitle(snapshot: PaymentSnapshot): string {
  return `${amountOf(snapshot)}${receiverOf(snapshot)}`;
}

function amountOf({ order: { payAmount } }: PaymentSnapshot): string {
  return payAmount === undefined ? 'No amount' : displayMoney(payAmount);
}

function receiverOf({ order }: PaymentSnapshot): string {
  const { merchant } = order.content;
  const name = merchant?.merchantDisplayName ?? merchant?.merchantName;
  return name === undefined ? '' : ` to ${name}`;
}

/** The title of a payment, and its three statuses. */
export function PaymentHead({ snapshot }: { snapshot: PaymentSnapshot }): JSX.Element {
  const debit = currentDebit(snapshot);
  const { order, notification } = snapshot;
  return (
    <div class="head">
      <h1>
        <Sum>{amountOf(snapshot)}</Sum>
        {receiverOf(snapshot)}
      </h1>
      <span class="axes">
        <Axis name="Order">
          <State of={order.status} />
        </Axis>
        {debit !== undefined && (
          <Axis name="Debit">
            <State of={debit.status} />
          </Axis>
        )}
        {notification !== undefined && (
          <Axis name="Result">
            <State of={notification.status} />
          </Axis>
        )}
      </span>
    </div>
  );
}

function Axis({ name, children }: { name: string; children: JSX.Element }): JSX.Element {
  return (
    <span>
      <small class="quiet">{name}</small> {children}
    </span>
  );
}
