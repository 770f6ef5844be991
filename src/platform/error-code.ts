/** The `code` of an error of Node or of a library; what is thrown need not be an `Error` of this realm. */
export function errorCodeOf(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
