import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { setting } from '../floor/setting.js';

interface ApiKey {
  readonly sha256: string;
  readonly scopes: readonly string[];
}

@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly keys: ApiKey[] = JSON.parse(readFileSync(setting('API_KEYS_FILE'), 'utf8'));

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<IncomingMessage>().headers;
    const [type, token] = authorization?.split(' ') ?? [];
    const sha256 = createHash('sha256')
      .update(token ?? '')
      .digest('hex');
    const key = this.keys.find((one) => one.sha256 === sha256);
    if (type !== 'Bearer' || !key?.scopes.includes('payments:write')) throw new UnauthorizedException();
    return true;
  }
}
