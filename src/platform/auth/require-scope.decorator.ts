import { SetMetadata } from '@nestjs/common';
import { ACCESS, type Access } from './access.js';

/** The caller's token must carry this scope. On a method it replaces what the class asks for. */
export function RequireScope(scope: string): ClassDecorator & MethodDecorator {
  const access: Access = { isPublic: false, scope };
  return SetMetadata(ACCESS, access);
}
