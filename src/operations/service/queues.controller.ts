import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { WORK, type WorkName } from '../../payment-order/order/work.js';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import type { Caller } from '../../platform/auth/caller.js';
import {
  ApiBearerAuth,
  ApiOneOf,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  ApiTags,
} from '../../platform/http/api-description.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PausesService } from './pauses.service.js';
import { ReasonDto } from './reason.dto.js';

const QUEUES = Object.values(WORK);

class QueueAddress {
  @ApiProperty({ enum: QUEUES })
  @IsIn(QUEUES, { message: `must be one of ${QUEUES.join(', ')}` })
  readonly queue!: WorkName;
}

class QueueDto {
  @ApiOneOf(QUEUES) readonly queue!: WorkName;
  @ApiOneOf(['running', 'paused']) readonly status!: 'running' | 'paused';
  @ApiProperty({ description: 'What waits while it is paused, and what goes on.' }) readonly means!: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly since?: string;
  @ApiPropertyOptional({ example: 'operator:ops/jane', description: 'Who paused it.' }) readonly by?: string;
  @ApiPropertyOptional({ description: 'Why it is paused.' }) readonly reason?: string;
}

class QueuesDto {
  @ApiProperty({ type: [QueueDto] }) readonly queues!: readonly QueueDto[];
}

class QueueTurnDto extends QueueDto {
  @ApiProperty({ description: 'False when it stood so already; then nothing was written down.' })
  readonly changed!: boolean;
}

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/queues')
@RequireScope(PAYMENTS_OPERATE)
export class QueuesController {
  constructor(private readonly pauses: PausesService) {}

  @Get()
  @ApiOperation({
    operationId: 'listQueues',
    summary: 'Which queues run, and which are paused, by whom and why',
    description: 'Read from what every process follows within about a second.',
  })
  @ApiResponse({ status: 200, description: 'The queues.', type: QueuesDto })
  @ApiOperationsProblems()
  list(): QueuesDto {
    return { queues: this.pauses.all() };
  }

  @Post(':queue/pause')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pauseQueue',
    summary: 'Begin no more work of a queue, in all processes, until it is resumed',
    description:
      'What is in hand is finished, nothing is lost, and restarts change nothing. Payers can still scan and confirm. Deadlines go on and alarm as ever; ' +
      'while a queue is paused health is degraded and `queue.paused` alarms once a minute.',
  })
  @ApiResponse({ status: 200, description: 'The state of the queue.', type: QueueTurnDto })
  @ApiOperationsProblems('INVALID_REQUEST')
  pause(
    @CurrentCaller() caller: Caller,
    @Param() { queue }: QueueAddress,
    @Body() { reason }: ReasonDto,
  ): Promise<QueueTurnDto> {
    return this.pauses.turn(caller, queue, 'pause', reason);
  }

  @Post(':queue/resume')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'resumeQueue',
    summary: 'Let a paused queue run again',
    description: 'Rows that became due meanwhile are then found. A queue that is not paused stays as it is.',
  })
  @ApiResponse({ status: 200, description: 'The state of the queue.', type: QueueTurnDto })
  @ApiOperationsProblems('INVALID_REQUEST')
  resume(
    @CurrentCaller() caller: Caller,
    @Param() { queue }: QueueAddress,
    @Body() { reason }: ReasonDto,
  ): Promise<QueueTurnDto> {
    return this.pauses.turn(caller, queue, 'resume', reason);
  }
}
