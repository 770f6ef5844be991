/** What a signature covers. For an answer, method and path are those of the request it belongs to. */
export interface SignedMessage {
  readonly method: string;
  /** Path and query as they stand in the request line; no scheme, no host. */
  readonly path: string;
  /** The wallet's own id in both directions. */
  readonly clientId: string;
  /** The literal text of Request-Time or Response-Time. */
  readonly time: string;
  /** The bytes as sent, before anything parsed them. */
  readonly body: Buffer;
}

/** `<METHOD> <path>` LF `<Client-Id>.<time>.<body>`, in UTF-8. */
export function signedText({ method, path, clientId, time, body }: SignedMessage): Buffer {
  return Buffer.concat([Buffer.from(`${method} ${path}\n${clientId}.${time}.`, 'utf8'), body]);
}
