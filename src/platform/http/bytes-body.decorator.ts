import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/**
 * The route wants the body as the exact bytes that arrived (`@Body() body: Buffer | undefined`), of any media type
 * and unparsed: signatures are over bytes, and only the door knows how a broken message is to be answered.
 */
export const BytesBody = (): MethodDecorator & ClassDecorator => RouteConfig({ bytesBody: true });

export function wantsBytes(request: FastifyRequest): boolean {
  return Reflect.get(request.routeOptions.config, 'bytesBody') === true;
}
