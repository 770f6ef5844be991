import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import * as swagger from '@nestjs/swagger';
import { AppModule } from '../../src/app.module.js';
import { completeDescription } from './complete-description.js';
import { webhooks } from './webhooks.js';
import { describeTo } from '../../src/platform/http/api-description.js';
import { createHttpAdapter } from '../../src/platform/http/server/http-adapter.js';
import { HttpSettings } from '../../src/platform/http/http.settings.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { openLogDestination } from '../../src/platform/logging/log-destination.js';
import { LoggingSettings } from '../../src/platform/logging/logging.settings.js';
import { PaymentEventDto, ScanEventDto } from '../../src/payments/payment-events.dto.js';
import { readSettings } from '../../src/settings.js';

/**
 * The description of the REST API as text, from the code alone: a preview of the application knows its controllers
 * and makes no provider, so there is no database, no queue and no port behind it.
 */
export async function openApiText(): Promise<string> {
  const settings = readSettings({ NODE_ENV: 'test', ROLE: 'all', LOG_LEVEL: 'silent' });
  const logging = settings.get(LoggingSettings);
  const log = new EventLog(logging, openLogDestination(logging.format));
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRole(settings, log),
    createHttpAdapter(settings.get(HttpSettings), log),
    { preview: true, logger: false, abortOnError: false },
  );
  const { paths, components, ...rest } = described(app);
  const document = {
    ...rest,
    paths: sorted(paths),
    webhooks: webhooks(),
    components: { ...components, schemas: sorted(components?.schemas ?? {}) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function described(app: NestFastifyApplication): swagger.OpenAPIObject {
  describeTo(swagger);
  const description =
    'One scan, from a wallet app to a signed result. Amounts are in minor units, as strings. ' +
    'Errors are RFC 9457 problems with a stable `code`.';
  const config = new swagger.DocumentBuilder()
    .setTitle('MPP payments')
    .setDescription(description)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addServer('/', 'The service that serves this description')
    .addTag('scans', 'What a payer scanned, and what it means.')
    .addTag('payments', 'What a payer sees, confirms, declines and has paid.')
    .addTag('operations', 'For operators: find, explain, export, repair.')
    .addTag('events', "What the wallet's back end is told, signed after Standard Webhooks.")
    .addTag('health', 'For load balancers and orchestrators.')
    .addBearerAuth()
    .build();
  const document = swagger.SwaggerModule.createDocument(app, config, {
    extraModels: [PaymentEventDto, ScanEventDto],
  });
  document.info.contact = { name: 'Whoever runs this service' };
  completeDescription(document);
  return document;
}

/** The order in which modules are listed must not show in the document. */
function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
