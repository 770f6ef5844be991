const MAX_LINKS = 10;

/** What Node says when the other side cannot be reached or went away. */
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATEs by which PostgreSQL says "not now": connection exceptions, out of resources or connections, being
 * shut down or started, a disk or file that fails, read-only after a failover, a lock or statement that took too long, and
 * conflicts that lasted longer than the retries.
 */
const SQLSTATES = /^(08...|53...|57P0[1-5]|58...|57014|55P03|25006|40001|40P01)$/;
/** The connection ends with the error, whatever its code: poolers that have no server free have codes of their own. */
const ENDS_CONNECTION = new Set(['FATAL', 'PANIC']);

/** pg and its pool throw these without a code, so only their text identifies them. */
const POOL_TEXTS = [
  'timeout exceeded when trying to connect',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
  'Cannot use a pool after calling end on the pool',
];

/** Whether a thrown value, or anything in its chain of causes, says that a server we need cannot be reached now. */
export function saysUnreachable(thrown: unknown): boolean {
  const queue: unknown[] = [thrown];
  for (let seen = 0; seen < queue.length && seen < MAX_LINKS; seen += 1) {
    const link = queue[seen];
    if (!(link instanceof Error)) continue;
    if (isUnreachable(link)) return true;
    // TypeORM keeps the error of pg as `driverError`; Node joins the tries of several addresses in `errors`.
    queue.push(link.cause, Reflect.get(link, 'driverError'));
    if (link instanceof AggregateError) queue.push(...link.errors);
  }
  return false;
}

function isUnreachable(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && (CONNECTION_CODES.has(code) || SQLSTATES.test(code))) return true;
  return ENDS_CONNECTION.has(String(Reflect.get(error, 'severity'))) || POOL_TEXTS.includes(error.message);
}
