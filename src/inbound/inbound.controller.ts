import { Body, Controller, Injectable, Post, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/auth/access.decorators.js';
import { ApiExcludeController } from '../platform/http/api-description.js';
import { BytesBody } from '../platform/http/input/json-bodies.js';
import type { InboundCall } from './inbound-call.js';
import { InboundDoor } from './inbound.door.js';
import { InboundRefunds } from './inbound.refunds.js';
import { InboundService, type InboundAnswer } from './inbound.service.js';
import { originOf } from '../platform/tracing/request-spans.js';

export interface InboundPaths {
  readonly inquiryPath: string;
  readonly cancelPath: string;
  readonly refundPath: string;
  readonly inquiryRefundPath: string;
}

interface Exchange {
  readonly request: FastifyRequest;
  /** As it came; nothing when there was none. */
  readonly body: unknown;
  readonly reply: FastifyReply;
}

/** What answers each call, whatever its path. */
@Injectable()
class InboundDoors {
  constructor(
    private readonly door: InboundDoor,
    private readonly service: InboundService,
    private readonly refunds: InboundRefunds,
  ) {}

  protected async answer(api: InboundCall['api'], exchange: Exchange): Promise<void> {
    const origin = originOf(exchange.request);
    const answers: Readonly<Record<InboundCall['api'], (bytes: Buffer) => Promise<InboundAnswer>>> = {
      inquiryPayment: (bytes) => this.service.inquire(bytes, origin),
      cancelPayment: (bytes) => this.service.cancel(bytes, origin),
      refund: (bytes) => this.refunds.refund(bytes, origin),
      inquiryRefund: (bytes) => this.refunds.inquire(bytes, origin),
    };
    const { headers, body } = await this.door.receive(callOf(api, exchange), answers[api]);
    await exchange.reply.status(200).headers(headers).send(body);
  }
}

/**
 * The door for Alipay+, at the paths agreed with it: the path is part of every signature, so it is a setting. Anyone
 * may call; only a valid signature is let in.
 */
export function inboundControllerAt(paths: InboundPaths): Type {
  @ApiExcludeController()
  @Public()
  @Controller()
  class InboundController extends InboundDoors {
    @Post(paths.inquiryPath)
    @BytesBody()
    inquiryPayment(
      @Req() request: FastifyRequest,
      @Body() body: unknown,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.answer('inquiryPayment', { request, body, reply });
    }

    @Post(paths.cancelPath)
    @BytesBody()
    cancelPayment(
      @Req() request: FastifyRequest,
      @Body() body: unknown,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.answer('cancelPayment', { request, body, reply });
    }

    @Post(paths.refundPath)
    @BytesBody()
    refund(@Req() request: FastifyRequest, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
      return this.answer('refund', { request, body, reply });
    }

    @Post(paths.inquiryRefundPath)
    @BytesBody()
    inquiryRefund(
      @Req() request: FastifyRequest,
      @Body() body: unknown,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      return this.answer('inquiryRefund', { request, body, reply });
    }
  }
  return InboundController;
}

function callOf(api: InboundCall['api'], { request, body }: Exchange): InboundCall {
  const { ip: address, method, headers } = request;
  const origin = originOf(request);
  const url = request.raw.url ?? request.url;
  const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return { api, origin, address, method, url, headers, rawBody };
}
