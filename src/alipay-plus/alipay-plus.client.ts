import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from './alipay-plus.settings.js';
import { AlipayPlusTransport, type TransportAnswer } from './alipay-plus.transport.js';
import type { Exchange } from './exchange.js';
import { judgeAnswer } from './judge-answer.js';
import { readUserInitiatedPayJson, type ReadUserInitiatedPay } from './read-user-initiated-pay.js';
import { SetupAlarm } from './setup-alarm.js';
import { MessageSignature } from './signature/message-signature.js';
import { signedPathOf } from './signature/signed-path.js';
import { writeDatetime } from './wire/datetime.js';
import { readJsonBody } from './wire/json-body.js';
import { Result } from './wire/result.js';
import { ResultOnlyResponse } from './wire/result-only-response.js';
import { isJsonObject, wireReaderOf, type JsonObject } from './wire/wire-reader.js';

interface Call {
  readonly url: string;
  readonly body: Buffer;
  readonly timeoutMs: number;
  readonly publicOnly?: boolean;
}

export interface NotifyOptions {
  /** Also an address of our own network, such as that of the local twin. */
  readonly anyAddress?: boolean;
}

/** An exchange before its body has been read as that of a particular API. */
interface Asked {
  readonly exchange: Exchange<never>;
  /** The body, when the exchange was accepted. */
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
    private readonly transport: AlipayPlusTransport,
    private readonly signature: MessageSignature,
    private readonly alarm: SetupAlarm,
  ) {}

  /** Asks what a scanned code means. The body comes from `writeUserInitiatedPay` and is the same on a repetition. */
  async userInitiatedPay(body: Buffer): Promise<Exchange<ReadUserInitiatedPay>> {
    const { baseUrl, userInitiatedPayPath, timeoutMs } = this.settings;
    const url = `${(baseUrl ?? '').replace(/\/$/, '')}${userInitiatedPayPath}`;
    const { exchange, json } = await this.ask({ url, body, timeoutMs });
    const reading = json && readUserInitiatedPayJson(json);
    return reading?.readable ? { ...exchange, body: reading } : exchange;
  }

  /**
   * Tells a final result. Whether the host may be trusted has been decided before; what it resolves to is judged here.
   * A page that says it is no JSON acknowledges nothing: it was not written by the API, whatever it quotes.
   */
  async notifyPayment(
    url: string,
    body: Buffer,
    { anyAddress = false }: NotifyOptions = {},
  ): Promise<Exchange<ResultOnlyResponse>> {
    const timeoutMs = this.settings.notifyTimeoutMs;
    const { exchange, json } = await this.ask({ url, body, timeoutMs, publicOnly: !anyAddress });
    if (
      exchange.contentType !== undefined &&
      !isJsonType(exchange.contentType) &&
      exchange.outcome !== 'unknown'
    )
      return { ...exchange, outcome: 'unknown', reason: 'wrong_content_type' };
    return json ? { ...exchange, body: readResultOnly(json, []) } : exchange;
  }

  private async ask({ url, body, timeoutMs, publicOnly = false }: Call): Promise<Asked> {
    const requestTime = writeDatetime(new Date());
    const sent = { requestTime, keyVersion: this.settings.keyVersion };
    const path = signedPathOf(url);
    if (path === undefined) {
      return { exchange: { ...sent, outcome: 'unknown', reason: 'invalid_url', durationMs: 0 } };
    }
    const headers = await this.headersOf(path, requestTime, body);
    const startedAt = performance.now();
    const answer = await this.transport.post({ url, headers, body, timeoutMs, publicOnly });
    const evidence = {
      ...sent,
      durationMs: Math.round(performance.now() - startedAt),
      ...evidenceOf(answer),
    };
    if (!answer.answered) return { exchange: { ...evidence, outcome: 'unknown', reason: answer.reason } };
    return await this.judge(path, answer, evidence);
  }

  private async headersOf(path: string, time: string, body: Buffer): Promise<Record<string, string>> {
    return {
      'Content-Type': 'application/json; charset=UTF-8',
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': 'mpp-payments',
      'Client-Id': this.settings.clientId,
      'Request-Time': time,
      Signature: await this.signature.sign({ method: METHOD, path, time, body }),
    };
  }

  /** The signature is checked over the bytes before anything in them is believed. */
  private async judge(
    path: string,
    answer: Extract<TransportAnswer, { answered: true }>,
    evidence: Omit<Exchange<never>, 'outcome'>,
  ): Promise<Asked> {
    const verdict = this.signature.verify({
      method: METHOD,
      path,
      time: answer.header('Response-Time'),
      signature: answer.header('Signature'),
      body: answer.body,
    });
    const parsed = readJsonBody(answer.body);
    const result = parsed.readable ? readResult(resultOf(parsed.json), []) : undefined;
    this.alarm.watch(result?.resultCode);
    const exchange = {
      ...evidence,
      ...judgeAnswer({ httpStatus: answer.httpStatus, verdict, result }),
      ...toldBy(result),
    };
    return exchange.outcome === 'accepted' && parsed.readable
      ? { exchange, json: parsed.json }
      : { exchange };
  }
}

function resultOf(json: JsonObject): JsonObject {
  return isJsonObject(json.result) ? json.result : {};
}

/** Cut to the lengths of the API, since an unverified answer may say anything at any length. */
function toldBy(result: Result | undefined): Pick<Exchange<never>, 'resultCode' | 'resultMessage'> {
  return {
    ...(result?.resultCode !== undefined && { resultCode: result.resultCode.slice(0, 64) }),
    ...(result?.resultMessage !== undefined && { resultMessage: result.resultMessage.slice(0, 256) }),
  };
}

function evidenceOf(
  answer: TransportAnswer,
): Pick<Exchange<never>, 'httpStatus' | 'responseTime' | 'contentType' | 'rawResponse'> {
  const responseTime = answer.answered ? answer.header('Response-Time') : undefined;
  const contentType = answer.answered ? answer.header('Content-Type') : undefined;
  return {
    ...(answer.httpStatus !== undefined && { httpStatus: answer.httpStatus }),
    ...(responseTime !== undefined && { responseTime: responseTime.slice(0, 64) }),
    ...(contentType !== undefined && { contentType: contentType.slice(0, 64) }),
    ...(answer.body && { rawResponse: answer.body }),
  };
}

function isJsonType(contentType: string): boolean {
  return /^\s*(application|text)\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}
