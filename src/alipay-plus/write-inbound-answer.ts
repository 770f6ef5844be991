import { paymentResultFaults } from './payment-result-codes.js';
import { UnwritableMessage } from './unwritable-message.js';
import { wireAmount, type MoneyToWrite } from './wire-amount.js';
import { InquiryPaymentResponse } from './wire/inquiry-payment-response.js';
import { ResultOnlyResponse } from './wire/result-only-response.js';
import { writeWire, type Written } from './write-wire.js';

export interface ResultToWrite {
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultCode: string;
  readonly resultMessage?: string | undefined;
}

/** How a payment stands, as inquiryPayment is answered; amounts and times only for one that was paid. */
export interface PaymentStanding {
  readonly result: ResultToWrite;
  readonly paymentResult?: ResultToWrite | undefined;
  readonly paymentId?: string | undefined;
  readonly paymentTime?: string | undefined;
  readonly paymentAmount?: MoneyToWrite | undefined;
  readonly payToAmount?: MoneyToWrite | undefined;
  readonly customerId?: string | undefined;
}

/** @throws UnwritableMessage naming every field */
export function writeInquiryPaymentAnswer(standing: PaymentStanding): Buffer {
  const { paymentResult, paymentAmount, payToAmount } = standing;
  const codeFaults = paymentResult ? paymentResultFaults(paymentResult, 'inquiryPayment') : [];
  if (codeFaults.length > 0) throw new UnwritableMessage('inquiryPayment', codeFaults);
  const differs = payToAmount?.currency !== paymentAmount?.currency;
  return bytesOf(
    'inquiryPayment',
    writeWire(InquiryPaymentResponse, {
      ...standing,
      paymentAmount: wireAmount(paymentAmount),
      payToAmount: differs ? wireAmount(payToAmount) : undefined,
    }),
  );
}

/**
 * An answer that carries nothing but `result`: to cancelPayment, and to any call that is refused.
 *
 * @throws UnwritableMessage naming every field
 */
export function writeResultOnly(result: ResultToWrite): Buffer {
  return bytesOf('result', writeWire(ResultOnlyResponse, { result }));
}

function bytesOf(api: string, written: Written): Buffer {
  if (!written.ok) throw new UnwritableMessage(api, written.faults);
  return written.body;
}
