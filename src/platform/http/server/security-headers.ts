import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Headers of every answer, errors included. Pages we serve load scripts and styles from here only. */
export function sendSecurityHeaders(app: NestFastifyApplication): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'frame-ancestors': ["'none'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'object-src': ["'none'"],
      },
      useDefaults: false,
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Whether this is served over TLS is known to the proxy in front, and it is the one to say so.
    strictTransportSecurity: false,
  });
}
