import { Controller, Get } from '@nestjs/common';
import type { Caller } from '../caller.js';
import { CurrentCaller, Public, RequireScope } from '../access.decorators.js';

const seen = ({ name, scopes, subject, origin }: Caller): object => ({
  name,
  scopes: [...scopes],
  subject: subject ?? null,
  requestId: origin.requestId,
});

@Controller('things')
export class ThingsController {
  @Get()
  @RequireScope('things:read')
  read(@CurrentCaller() caller: Caller): object {
    return seen(caller);
  }

  @Get('forgotten')
  forgotten(): object {
    return {};
  }
}

@Controller('open')
@Public()
export class OpenController {
  @Get()
  read(): object {
    return { open: true };
  }

  @Get('closed')
  @RequireScope('things:read')
  closed(): object {
    return {};
  }
}
