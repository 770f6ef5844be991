import { Global, Module } from '@nestjs/common';
import { IssuedKeys } from './issued-keys.js';

/** Beside `AuthModule`, where there is a database: keys that are made and revoked while the service runs. */
@Global()
@Module({ providers: [IssuedKeys], exports: [IssuedKeys] })
export class IssuedKeysModule {}
