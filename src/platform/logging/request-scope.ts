import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestScope {
  readonly requestId: string;
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Runs `work`; every event written inside it, however deep, carries the request id. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return scopes.run({ requestId }, work);
}

export function currentRequestId(): string | undefined {
  return scopes.getStore()?.requestId;
}
