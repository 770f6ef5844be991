import { Body, Controller, Post, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/auth/access.decorators.js';
import { ApiExcludeController } from '../platform/http/api-description.js';
import { BytesBody } from '../platform/http/input/json-bodies.js';
import type { InboundCall } from './inbound-call.js';
import { InboundDoor } from './inbound.door.js';
import { InboundService } from './inbound.service.js';

export interface InboundPaths {
  readonly inquiryPath: string;
  readonly cancelPath: string;
}

/**
 * The door for Alipay+, at the paths agreed with it: the path is part of every signature, so it is a setting. Anybody
 * may knock; what opens it is the signature.
 */
export function inboundControllerAt({ inquiryPath, cancelPath }: InboundPaths): Type {
  @ApiExcludeController()
  @Public()
  @Controller()
  class InboundController {
    constructor(
      private readonly door: InboundDoor,
      private readonly service: InboundService,
    ) {}

    @Post(inquiryPath)
    @BytesBody()
    async inquiryPayment(
      @Req() request: FastifyRequest,
      @Body() body: Buffer | undefined,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      const answer = await this.door.receive(callOf('inquiryPayment', request, body), (bytes) =>
        this.service.inquire(bytes, request.id),
      );
      await reply.status(200).headers(answer.headers).send(answer.body);
    }

    @Post(cancelPath)
    @BytesBody()
    async cancelPayment(
      @Req() request: FastifyRequest,
      @Body() body: Buffer | undefined,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      const answer = await this.door.receive(callOf('cancelPayment', request, body), (bytes) =>
        this.service.cancel(bytes, request.id),
      );
      await reply.status(200).headers(answer.headers).send(answer.body);
    }
  }
  return InboundController;
}

function callOf(api: InboundCall['api'], request: FastifyRequest, body: Buffer | undefined): InboundCall {
  const { id: requestId, method, headers } = request;
  const url = request.raw.url ?? request.url;
  return { api, requestId, method, url, headers, rawBody: body ?? Buffer.alloc(0) };
}
