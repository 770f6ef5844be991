import type { JSX } from 'preact';
import type { FoundPaymentDto } from '../../search/search.dto.js';
import { Sum } from './facts.js';
import { usePageView } from './page-view.js';
import { State } from './state.js';
import { Time } from './time.js';

/** Found payments, one line each; on a narrow screen one card each. */
export function PaymentList({ payments }: { payments: readonly FoundPaymentDto[] }): JSX.Element {
  const { mayAct } = usePageView();
  return (
    <table class="list">
      <thead>
        <tr>
          {mayAct && (
            <th scope="col">
              <span class="unseen">Marked</span>
            </th>
          )}
          <th scope="col">Created</th>
          <th scope="col">Order</th>
          <th scope="col">Result</th>
          <th scope="col" class="number">
            The payer pays
          </th>
          <th scope="col">Merchant</th>
          <th scope="col">Customer</th>
          <th scope="col">paymentRequestId</th>
        </tr>
      </thead>
      <tbody>
        {payments.map((payment) => (
          <Row key={payment.paymentId} payment={payment} mayAct={mayAct} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ payment, mayAct }: { payment: FoundPaymentDto; mayAct: boolean }): JSX.Element {
  return (
    <tr>
      {mayAct && (
        <td class="mark">
          <input
            type="checkbox"
            name="paymentId"
            value={payment.paymentId}
            aria-label={`Mark ${payment.paymentRequestId}`}
          />
        </td>
      )}
      <td>
        <a href={`/console/payments/${payment.paymentId}`} data-row>
          <Time at={new Date(payment.createdAt)} />
        </a>
      </td>
      <td>
        <State of={payment.status} />
      </td>
      <td>
        {payment.notificationStatus === undefined ? (
          <span class="quiet no-result">–</span>
        ) : (
          <State of={payment.notificationStatus} label="Result" />
        )}
      </td>
      <td class="amount number">{payment.payAmount ? <Sum>{payment.payAmount.display}</Sum> : '–'}</td>
      <td class="name">{payment.merchantName}</td>
      <td class="name">{payment.customerId}</td>
      <td class="id mono">{payment.paymentRequestId}</td>
    </tr>
  );
}
