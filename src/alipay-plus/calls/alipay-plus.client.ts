import { Injectable, Optional } from '@nestjs/common';
import { PeerClocks, type ClockReading } from '../../platform/clock/peer-clocks.js';
import { signedPathOf } from '../../platform/outbound/call-address.js';
import { PostTransport, type TransportAnswer } from '../../platform/outbound/post-transport.js';
import { present, type MaybePresent } from '../../platform/present.js';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { isListedResultCode, REFUSED_AS_SUCCESS } from '../codes/result-codes.js';
import { readUserInitiatedPayJson, type ReadUserInitiatedPay } from '../messages/user-initiated-pay.js';
import { ALIPAYPLUS_CLOCK, readHeaderTime } from '../signature/inbound-signature.js';
import { MessageSignature } from '../signature/message-signature.js';
import { cut } from '../wire/characters.js';
import { writeDatetime } from '../wire/datetime.js';
import { readJsonBody } from '../wire/json-body.js';
import { Result, ResultOnlyResponse } from '../wire/result.js';
import { isJsonObject, wireReaderOf, type JsonObject } from '../wire/wire-reader.js';
import { CallFigures, type CalledApi } from './call-figures.js';
import type { Exchange } from './exchange.js';
import { judgeAnswer } from './judge-answer.js';
import { SetupAlarm } from './setup-alarm.js';
import { Origin } from '../../platform/tracing/origin.js';

interface Call {
  readonly api: CalledApi;
  readonly url: string;
  readonly body: Buffer;
  readonly timeoutMs: number;
  readonly origin: Origin;
  readonly publicOnly?: boolean;
}

export interface NotifyOptions {
  /** Also an address of our own network, such as that of the local twin. */
  readonly anyAddress?: boolean;
  readonly origin?: Origin;
}

interface Asked {
  readonly exchange: Exchange<never>;
  /** Of an accepted answer, not yet read as that of a particular API. */
  readonly json?: JsonObject;
}

const METHOD = 'POST';
const readResult = wireReaderOf(Result);
const readResultOnly = wireReaderOf(ResultOnlyResponse);

/** Calls Alipay+. Never throws for an answer or for no answer: both are in the exchange. */
@Injectable()
export class AlipayPlusClient {
  constructor(
    private readonly settings: AlipayPlusSettings,
    private readonly transport: PostTransport,
    private readonly signature: MessageSignature,
    private readonly alarm: SetupAlarm,
    private readonly figures: CallFigures,
    @Optional() private readonly clocks?: PeerClocks,
  ) {}

  /** Asks what a scanned code means. The body comes from `writeUserInitiatedPay` and is the same on a repetition. */
  async userInitiatedPay(
    body: Buffer,
    origin: Origin = Origin.NONE,
  ): Promise<Exchange<ReadUserInitiatedPay>> {
    const { baseUrl, userInitiatedPayPath, timeoutMs } = this.settings;
    const url = `${(baseUrl ?? '').replace(/\/$/, '')}${userInitiatedPayPath}`;
    const { exchange, json } = await this.ask({ api: 'userInitiatedPay', url, body, timeoutMs, origin });
    const reading = json && readUserInitiatedPayJson(json);
    return reading?.readable ? { ...exchange, body: reading } : exchange;
  }

  /**
   * Sends a final result. Whether the host may be trusted has been decided before; what it resolves to is judged here.
   * The signature proves who wrote an answer; what type it calls itself proves nothing.
   */
  async notifyPayment(
    url: string,
    body: Buffer,
    { anyAddress = false, origin = Origin.NONE }: NotifyOptions = {},
  ): Promise<Exchange<ResultOnlyResponse>> {
    const timeoutMs = this.settings.notifyTimeoutMs;
    const call: Call = { api: 'notifyPayment', url, body, timeoutMs, publicOnly: !anyAddress, origin };
    const { exchange, json } = await this.ask(call);
    return json ? { ...exchange, body: readResultOnly(json, []) } : exchange;
  }

  private async ask(call: Call): Promise<Asked> {
    const span = call.origin.under({
      name: `alipayplus ${call.api}`,
      kind: 'call',
      attributes: { 'http.request.method': METHOD },
    });
    const asked = await this.exchange(call, span);
    endCall(span, asked.exchange);
    this.figures.called(call.api, asked.exchange);
    return asked;
  }

  private async exchange({ url, body, timeoutMs, publicOnly = false }: Call, span: Origin): Promise<Asked> {
    const requestTime = writeDatetime(this.clocks?.nowFor(ALIPAYPLUS_CLOCK) ?? new Date());
    const path = signedPathOf(url);
    if (path === undefined) {
      const { keyVersion } = this.signature;
      return { exchange: unknown({ reason: 'invalid_url', requestTime, keyVersion, durationMs: 0 }) };
    }
    const { header, keyVersion } = await this.signature.sign({
      method: METHOD,
      path,
      time: requestTime,
      body,
    });
    const startedAt = performance.now();
    // The signature covers none of the headers beside its own parts.
    const headers = { ...this.headersOf(requestTime, header), ...span.headers };
    const answer = await this.transport.post({ url, headers, body, timeoutMs, publicOnly });
    const answeredAt = performance.now();
    const durationMs = Math.round(answeredAt - startedAt);
    if (answer.answered) {
      const asked = this.judged(answer, path, { requestTime, keyVersion, durationMs });
      this.lookAtClock(asked.exchange, { askedAtMs: startedAt, answeredAtMs: answeredAt });
      return asked;
    }
    const { httpStatus, body: rawResponse, reason } = answer;
    return { exchange: unknown({ reason, requestTime, keyVersion, durationMs, httpStatus, rawResponse }) };
  }

  /** Only of an answer whose signature is good: an outcome is known of no other. */
  private lookAtClock(
    { outcome, responseTime }: Exchange<unknown>,
    when: Pick<ClockReading, 'askedAtMs' | 'answeredAtMs'>,
  ): void {
    const time =
      outcome === 'unknown' || responseTime === undefined ? undefined : readHeaderTime(responseTime);
    if (time) this.clocks?.saw(ALIPAYPLUS_CLOCK, { time, grainMs: 1_000, ...when });
  }

  private headersOf(time: string, signature: string): Record<string, string> {
    return {
      'Content-Type': 'application/json; charset=UTF-8',
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': 'mpp-payments',
      'Client-Id': this.settings.clientId,
      'Request-Time': time,
      Signature: signature,
    };
  }

  /** The signature is checked over the bytes before anything in them is believed. */
  private judged(
    { httpStatus, header, body }: Extract<TransportAnswer, { answered: true }>,
    path: string,
    sent: Pick<Exchange<never>, 'requestTime' | 'durationMs' | 'keyVersion'>,
  ): Asked {
    const responseTime = header('Response-Time');
    const signature = header('Signature');
    const verdict = this.signature.verify({ method: METHOD, path, time: responseTime, signature, body });
    const parsed = readJsonBody(body);
    const result = parsed.readable ? readResult(resultOf(parsed.json), []) : undefined;
    const judgement = judgeAnswer({ httpStatus, verdict, result });
    const resultCode = codeOf(judgement.outcome, result);
    this.alarm.watch(judgement.outcome, resultCode);
    const exchange = present<Exchange<never>>({
      outcome: judgement.outcome,
      reason: judgement.outcome === 'unknown' ? judgement.reason : undefined,
      resultCode,
      resultMessage: result?.resultMessage && cut(result.resultMessage, 256),
      httpStatus,
      requestTime: sent.requestTime,
      durationMs: sent.durationMs,
      keyVersion: sent.keyVersion,
      responseTime: responseTime?.slice(0, 64),
      contentType: header('Content-Type')?.slice(0, 64),
      rawResponse: body,
    });
    return judgement.outcome === 'accepted' && parsed.readable
      ? { exchange, json: parsed.json }
      : { exchange };
  }
}

/** What an answer says is noted only where it is proved; an unverified one may say anything. */
function endCall(span: Origin, { outcome, reason, resultCode, httpStatus }: Exchange<unknown>): void {
  const isProved = outcome !== 'unknown' && isListedResultCode(resultCode);
  span.note({
    'mpp.outcome': outcome,
    ...(httpStatus !== undefined && { 'http.response.status_code': httpStatus }),
    ...(isProved && { 'mpp.result_code': resultCode }),
  });
  span.end(outcome === 'unknown' ? (reason ?? 'unknown') : undefined);
}

function unknown(known: MaybePresent<Omit<Exchange<never>, 'outcome'>>): Exchange<never> {
  return present<Exchange<never>>({ outcome: 'unknown', ...known });
}

/**
 * Cut to the length of the API, since an unverified answer may say anything at any length. A refusal that calls itself
 * SUCCESS gets a name of its own: a reader of the code alone would take it for the opposite.
 */
function codeOf(
  outcome: Exchange<unknown>['outcome'],
  { resultCode }: Partial<Result> = {},
): string | undefined {
  if (outcome === 'rejected' && resultCode?.trim().toUpperCase() === 'SUCCESS') return REFUSED_AS_SUCCESS;
  return resultCode && cut(resultCode, 64);
}

function resultOf(json: JsonObject): JsonObject {
  return isJsonObject(json.result) ? json.result : {};
}
