import { SetMetadata } from '@nestjs/common';
import { ACCESS, type Access } from './access.js';

const access: Access = { isPublic: true };

/** Anyone may call this route without a token, or the route has a proof of its own, such as a signature. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(ACCESS, access);
