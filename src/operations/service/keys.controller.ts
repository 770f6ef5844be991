import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { KeyReloads, type KeyReload, type KeysInUse } from '../../alipay-plus/signature/key-reloads.js';
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
import { PAYMENTS_OPERATE, seerOf } from '../operator.js';
import { ReasonDto } from './reason.dto.js';

class KeysInUseDto implements KeysInUse {
  @ApiProperty({ example: '2', description: 'The version of ours that signs.' }) readonly signWith!: string;
  @ApiProperty({ type: [String], example: ['1', '2'], description: 'The versions of ours that are listed.' })
  readonly ownVersions!: readonly string[];
  @ApiProperty({ type: [String], example: ['1'], description: 'The versions of Alipay+ that are accepted.' })
  readonly alipayPlusVersions!: readonly string[];
}

class KeyReloadDto extends KeysInUseDto {
  @ApiOneOf(['reloaded', 'kept'], {
    description: '`kept`: a file is faulty, and the keys of before stay in use in the process that answers.',
  })
  readonly outcome!: KeyReload['outcome'];
  @ApiPropertyOptional({ description: 'What is wrong, by setting and file; never what is in it.' })
  readonly fault?: string;
}

/** The RSA keys between us and Alipay+, as the answering process has them in memory. */
@ApiTags('operations')
@ApiBearerAuth()
@Controller('v1/operations/keys')
@RequireScope(PAYMENTS_OPERATE)
export class KeysController {
  constructor(private readonly reloads: KeyReloads) {}

  @Get()
  @ApiOperation({
    operationId: 'readKeys',
    summary: 'Which key versions are in use between us and Alipay+',
    description: 'Of the process that answers; the metric `alipayplus_key_versions` tells it of each.',
  })
  @ApiResponse({ status: 200, description: 'The versions.', type: KeysInUseDto })
  @ApiOperationsProblems()
  read(): KeysInUseDto {
    return this.reloads.inUse;
  }

  @Post('reload')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reloadKeys',
    summary: 'Read the key files again, in this process now and in every other one within about a second',
    description:
      'Nothing is restarted and no call is cut. Faulty files are not taken: the keys of before stay, and the process says so with an alarm.',
  })
  @ApiResponse({
    status: 200,
    description: 'What came of it in the process that answers.',
    type: KeyReloadDto,
  })
  @ApiOperationsProblems('INVALID_REQUEST')
  reload(@CurrentCaller() caller: Caller, @Body() { reason }: ReasonDto): Promise<KeyReloadDto> {
    const { actor, application, address } = seerOf(caller);
    return this.reloads.order({ actor, application, address, reason });
  }
}
