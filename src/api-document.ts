import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The description of the REST API, served at `/openapi.json` and kept in `docs/openapi.json`. */
export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description =
    'One scan, from a wallet app to a signed result. Amounts are in minor units, as strings. ' +
    'Errors are RFC 9457 problems with a stable `code`.';
  const config = new DocumentBuilder()
    .setTitle('MPP payments')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, config);
}
