import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import type { Caller } from '../../platform/auth/caller.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { ApiProposed, proposed, type ApprovalDto } from '../approvals/approval.dto.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { EventsQuery } from '../search/query/events.query.js';
import { readEventSearch } from '../search/query/read-search.js';
import { EventsPageDto } from '../search/search.dto.js';
import { SearchService } from '../search/search.service.js';
import { EventAddress, EventDto, ResendEventDto, ResendEventsDto, ResentEventsDto } from './events.dto.js';
import { OperatorEvents } from './events.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/events')
@RequireScope(PAYMENTS_OPERATE)
export class EventsController {
  constructor(
    private readonly search: SearchService,
    private readonly events: OperatorEvents,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'searchEvents',
    description: 'One page, by key. An event is kept for EVENTS_RETENTION_DAYS.',
    summary: "Find events to the wallet's back end, and how each endpoint was told",
  })
  @ApiResponse({
    status: 200,
    description: 'One page; `nextCursor` and `prevCursor` where there is more.',
    type: EventsPageDto,
  })
  @ApiOperationsProblems('INVALID_REQUEST', 'SEARCH_TOO_SLOW')
  async list(@Query() query: EventsQuery): Promise<EventsPageDto> {
    const { items: events, ...page } = await this.search.events(readEventSearch(query));
    return { ...page, events };
  }

  @Get(':eventId')
  @ApiOperation({
    operationId: 'readEvent',
    description: 'With the message, once it was sent for the first time, and what operators asked for.',
    summary: 'Read one event',
  })
  @ApiResponse({ status: 200, description: 'The event.', type: EventDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  one(@Param() { eventId }: EventAddress): Promise<EventDto> {
    return this.events.one(eventId);
  }

  @Post('resend')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'resendEvents',
    description:
      'By time of the change; each is kept with name and reason. The order of each payment holds again.',
    summary: 'Send many events again; a dry run, which is the default, only lists them',
  })
  @ApiResponse({
    status: 200,
    description: 'What was found, and how many are due now.',
    type: ResentEventsDto,
  })
  @ApiProposed()
  @ApiOperationsProblems('INVALID_REQUEST')
  async many(
    @CurrentCaller() caller: Caller,
    @Body() request: ResendEventsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResentEventsDto | ApprovalDto> {
    const { approval, ...report } = await this.events.resendMany(caller, request);
    return approval === undefined ? report : proposed(reply, approval);
  }

  @Post(':eventId/resend')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'resendEvent',
    description:
      'The same bytes under the same id, due now, with a new window. What is pending stays as it is.',
    summary: 'Send one event again, also one that was delivered',
  })
  @ApiResponse({
    status: 202,
    description: 'Due now; read the event to see what becomes of it.',
    type: EventDto,
    headers: apiHeaders('Location'),
  })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND')
  resend(
    @CurrentCaller() caller: Caller,
    @Param() { eventId }: EventAddress,
    @Body() request: ResendEventDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventDto> {
    reply.header('location', `/v1/operations/events/${eventId}`);
    return this.events.resend(caller, eventId, request);
  }
}
