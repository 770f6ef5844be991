import type { Action, FieldFault } from './api.js';

/** A string that editors complete to a known one; a later service may answer with another. */
type Open<Known extends string> = Known | (string & Record<never, never>);

/** The members that every refusal of the service has, and those that some have. */
export interface ProblemBody {
  readonly code: string;
  readonly title: string;
  readonly requestId: string;
  readonly detail?: string;
  readonly action?: string;
  readonly messageKey?: string;
  readonly errors?: readonly FieldFault[];
  readonly paymentId?: string;
  readonly scanId?: string;
  readonly sdkActionPayload?: string;
}

/**
 * The service refused, and this is its answer. Decide by `action`, show the text of `messageKey` in the payer's language
 * (`docs/app-texts.json`) or `detail`, write `code` into your log and name `requestId` to support.
 *
 * @example
 * catch (error) {
 *   if (error instanceof PaymentsProblem && error.action === 'TOP_UP') return showTopUp(error.detail);
 *   throw error;
 * }
 */
export class PaymentsProblem extends Error {
  override readonly name = 'PaymentsProblem';
  readonly code: string;
  /** `CONTACT_SUPPORT` where the service names none. */
  readonly action: Open<Action>;
  readonly messageKey: string | undefined;
  /** For the payer, in English. */
  readonly detail: string | undefined;
  readonly requestId: string;
  /** Each field that breaks a rule. */
  readonly errors: readonly FieldFault[];
  readonly paymentId: string | undefined;
  readonly scanId: string | undefined;
  /** With `HANDLE_BY_SDK`. */
  readonly sdkActionPayload: string | undefined;

  constructor(
    /** The HTTP status. */
    readonly status: number,
    body: ProblemBody,
    /** How long the service asks to wait before the same request is sent again. */
    readonly retryAfterMs?: number,
  ) {
    super(`${body.code}: ${body.detail ?? body.title}`);
    this.code = body.code;
    this.action = body.action ?? 'CONTACT_SUPPORT';
    this.messageKey = body.messageKey;
    this.detail = body.detail;
    this.requestId = body.requestId;
    this.errors = body.errors ?? [];
    this.paymentId = body.paymentId;
    this.scanId = body.scanId;
    this.sdkActionPayload = body.sdkActionPayload;
  }
}

/**
 * No answer of the service came, however often it was asked: what became of the request is unknown. It is safe to make the
 * same call again; a payment is read with `payment(paymentId)`. Never tell the payer that a confirm failed because of it.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    readonly requestId: string,
    readonly attempts: number,
    /** HTTP status of the last answer that was not one of the service, such as a proxy's. */
    readonly status: number | undefined,
    options: { readonly cause: unknown },
  ) {
    super(`no answer of the payment service after ${attempts} attempts (request ${requestId})`, options);
  }
}
