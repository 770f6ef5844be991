import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AlipayPlusSettings } from '../alipay-plus/alipay-plus.settings.js';
import type { ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import { DoorProblems, type DoorAnswer } from '../platform/http/door-problems.js';
import { RefusalAnswers } from './refusal-answers.js';
import type { Problem } from '../platform/http/problem.js';

const MEDIA_TYPE_NOT_ACCEPTABLE: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'MEDIA_TYPE_NOT_ACCEPTABLE',
  resultMessage: 'The media type is not acceptable.',
};
export const PARAM_ILLEGAL: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'PARAM_ILLEGAL',
  resultMessage: 'Illegal parameters exist.',
};
const METHOD_NOT_SUPPORTED: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'METHOD_NOT_SUPPORTED',
  resultMessage: 'The HTTP method is not supported.',
};

/**
 * Calls of Alipay+ that are refused before they reach the door get a result like every other, with HTTP 200: only
 * the result tells Alipay+ anything. What fails on our side stays a 5xx, which is repeated.
 */
@Injectable()
export class InboundRefusals implements OnModuleInit {
  constructor(
    private readonly settings: AlipayPlusSettings,
    private readonly refusals: RefusalAnswers,
    private readonly doors: DoorProblems,
  ) {}

  onModuleInit(): void {
    const { inquiryPath, cancelPath, refundPath, inquiryRefundPath } = this.settings;
    for (const path of [inquiryPath, cancelPath, refundPath, inquiryRefundPath])
      this.doors.answerAt(path, (problem, request) => this.answer(problem, request));
  }

  private async answer(problem: Problem, request: FastifyRequest): Promise<DoorAnswer | undefined> {
    if (problem.status >= 500) return undefined;
    const { method } = request;
    const url = request.raw.url ?? request.url;
    const { headers, body } = await this.refusals.answer({ method, url }, resultOf(problem));
    // Such as Allow, which names the methods that are.
    return { status: 200, headers: { ...problem.headers, ...headers }, body };
  }
}

function resultOf({ status }: Problem): ResultToWrite {
  if (status === 405) return METHOD_NOT_SUPPORTED;
  return status === 415 ? MEDIA_TYPE_NOT_ACCEPTABLE : PARAM_ILLEGAL;
}
