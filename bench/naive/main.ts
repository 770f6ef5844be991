import 'reflect-metadata';
import { Logger, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NaiveModule } from './naive.module.js';

/**
 * The naive peer: the same job as a competent team does it in a week, from the tutorials of each part. Nest on Express,
 * the default axios, TypeORM's repositories (find, change, save), class-validator, BullMQ, the default logger. Nothing
 * is slow on purpose; nothing was measured either.
 */
const app = await NestFactory.create<NestExpressApplication>(NaiveModule, {
  logger: ['log', 'warn', 'error'],
});
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
new Logger('main').log(JSON.stringify({ event: 'service.ready', url: await app.getUrl() }));
