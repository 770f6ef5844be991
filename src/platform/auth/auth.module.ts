import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Authentication } from './authentication.js';
import { BearerGuard } from './bearer.guard.js';
import { KeyRing } from './key-ring.js';

/** Puts the bearer guard before every route of the application. */
@Module({
  providers: [KeyRing, Authentication, { provide: APP_GUARD, useClass: BearerGuard }],
  exports: [Authentication],
})
export class AuthModule {}
