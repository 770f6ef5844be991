import { paymentResultFaults } from '../codes/payment-result-codes.js';
import { NotifyPaymentRequest } from '../wire/notify-payment.js';
import type { WireFault } from '../wire/wire-reader.js';
import { UnwritableMessage, wireAmount, writeWire, type MoneyToWrite } from './write-message.js';
import type { Id } from '../../platform/id.js';

export interface FinalResult {
  readonly paymentResult: {
    readonly resultStatus: 'S' | 'F';
    readonly resultCode: string;
    readonly resultMessage?: string | undefined;
  };
  readonly paymentRequestId: Id<'PaymentRequestId'>;
  readonly paymentId?: Id<'PaymentId'> | undefined;
  /** ISO 8601 with offset. */
  readonly paymentTime?: string | undefined;
  readonly paymentAmount?: MoneyToWrite | undefined;
  readonly payToAmount?: MoneyToWrite | undefined;
  readonly customerId?: Id<'CustomerId'> | undefined;
  readonly customsDeclarationAmount?: MoneyToWrite | undefined;
  readonly passThroughInfo?: string | undefined;
}

/**
 * The body of notifyPayment. It is kept with the final state and sent unchanged until it is acknowledged, because
 * Alipay+ compares a repetition with the first one.
 *
 * @throws UnwritableMessage naming every field
 */
export function writeNotifyPayment(final: FinalResult): Buffer {
  const written = writeWire(NotifyPaymentRequest, {
    ...final,
    paymentAmount: wireAmount(final.paymentAmount),
    payToAmount: tellsPayTo(final) ? wireAmount(final.payToAmount) : undefined,
    customsDeclarationAmount: wireAmount(final.customsDeclarationAmount),
  });
  const faults = [...(written.ok ? [] : written.faults), ...finalFaults(final)];
  if (!written.ok || faults.length > 0) throw new UnwritableMessage('notifyPayment', faults);
  return written.body;
}

/** Asked for with S and two currencies; with one currency it would repeat paymentAmount, with F nothing is settled. */
function tellsPayTo({ paymentResult, paymentAmount, payToAmount }: FinalResult): boolean {
  return paymentResult.resultStatus === 'S' && payToAmount?.currency !== paymentAmount?.currency;
}

function finalFaults(final: FinalResult): WireFault[] {
  const faults = paymentResultFaults(final.paymentResult, 'notifyPayment');
  if (final.paymentResult.resultStatus !== 'S') return faults;
  for (const field of ['paymentId', 'paymentTime', 'paymentAmount'] as const) {
    if (!final[field]) faults.push({ field, rule: 'is missing although the payment succeeded' });
  }
  return faults;
}
