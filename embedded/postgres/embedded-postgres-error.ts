export type EmbeddedPostgresFault = 'BINARIES_MISSING' | 'ALREADY_IN_USE' | 'CANNOT_START' | 'CANNOT_STOP';

/** The embedded server could not be started or stopped. The message is for the person who started the program. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
