/**
 * Base of the faults a step, the core or an adapter throws: something failed that may heal, or that a person must
 * check. It knows no HTTP. A fault nobody caught becomes 503 when it may be tried again later, 500 when not.
 */
export abstract class PlatformError extends Error {
  /** Stable; logs, alarms and decisions go by it, never by the message. */
  abstract readonly code: string;
  abstract readonly retry: 'later' | 'never';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
