import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, RequireScope } from '../../platform/auth/access.decorators.js';
import type { Caller } from '../../platform/auth/caller.js';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { onClocks, type OnClocks } from '../clocks.js';
import { ApiOperationsProblems } from '../operations.problems.js';
import { PAYMENTS_OPERATE } from '../operator.js';
import { PaymentAddress } from '../payment-address.js';
import { NewNoteDto, NoteDto } from './note.dto.js';
import { NotesService } from './notes.service.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/payments/:paymentId/notes')
@RequireScope(PAYMENTS_OPERATE)
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Post()
  @ApiOperation({
    operationId: 'writeNote',
    summary: 'Write a note about a payment, for whoever looks at it next',
    description:
      'It changes nothing about the payment. It is kept with the name of the token, the person and the time, and is shown with ' +
      'the payment. A note is never changed; its text goes when the personal data of the customer is erased.',
  })
  @ApiResponse({
    status: 201,
    description: 'The note is kept.',
    type: NoteDto,
    headers: apiHeaders('Location'),
  })
  @ApiResponse({ status: 200, description: 'This very note was kept before.', type: NoteDto })
  @ApiOperationsProblems('INVALID_REQUEST', 'NOT_FOUND', 'NOTE_DIFFERS', 'TOO_MANY_NOTES')
  async write(
    @CurrentCaller() caller: Caller,
    @Param() { paymentId }: PaymentAddress,
    @Body() body: NewNoteDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OnClocks<NoteDto>> {
    const { note, isNew } = await this.notes.write(caller, paymentId, body);
    reply.code(isNew ? 201 : 200);
    if (isNew) reply.header('location', `/v1/operations/payments/${paymentId}`);
    return onClocks(note);
  }
}
