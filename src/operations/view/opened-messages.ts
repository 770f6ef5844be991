import { openedOr, type Place, type Sealing } from '../../platform/sealing/sealing.js';
import { CodeRedaction } from './code-redaction.js';
import type { ShownMessages, TimelineRow } from './timeline.view.js';

const UNOPENED = '[not shown: it cannot be decrypted]';

/** The kept messages of one payment, opened and without the codes that were scanned. */
export class OpenedMessages implements ShownMessages {
  private readonly opened = new Map<Buffer, Buffer>();
  private readonly redaction: CodeRedaction;

  constructor(
    sealing: Sealing,
    rows: readonly TimelineRow[],
    scans: readonly { readonly code_hash: Buffer }[],
  ) {
    for (const row of rows) {
      this.open(sealing, row.request, row.request_place);
      this.open(sealing, row.answer, row.answer_place);
    }
    const hashes = new Set(scans.map(({ code_hash: hash }) => hash.toString('hex')));
    const hashOf = (code: string): string | undefined =>
      sealing
        .digests(code)
        .map((digest) => digest.toString('hex'))
        .find((digest) => hashes.has(digest));
    this.redaction = new CodeRedaction([...this.opened.values()], hashOf);
  }

  textOf(message: Buffer): string {
    const opened = this.opened.get(message);
    return opened ? this.redaction.textOf(opened) : UNOPENED;
  }

  /** One message that cannot be read must not hide all others. */
  private open(sealing: Sealing, message: Buffer | null, place: Place | null): void {
    if (!message) return;
    const opened = place === null ? message : openedOr(undefined, () => sealing.open(place, message));
    if (opened) this.opened.set(message, opened);
  }
}
