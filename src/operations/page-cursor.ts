/** Where a page ended: the keyset of its last row. Opaque to clients. */
export interface PageCursor {
  readonly createdAt: string;
  readonly paymentId: string;
}

export function writeCursor(cursor: PageCursor): string {
  return Buffer.from(`${cursor.createdAt}|${cursor.paymentId}`).toString('base64url');
}

/** Undefined for anything this service did not write. */
export function readCursor(text: string): PageCursor | undefined {
  const match = /^(\d{4}-\d\d-\d\d [\d:.+-]+)\|([0-9a-f-]{36})$/.exec(
    Buffer.from(text, 'base64url').toString(),
  );
  const [, createdAt, paymentId] = match ?? [];
  return createdAt === undefined || paymentId === undefined ? undefined : { createdAt, paymentId };
}
