import { MemoryLedgerServer, sent, type Received, type Sent } from './memory-ledger-server.js';

/** A wallet's core that does its work and, while it is silent, gives no answer. */
export class SilentLedgerServer extends MemoryLedgerServer {
  isSilent = false;
  /** While it is deaf it does not even do its work. */
  isDeaf = false;
  calls = 0;

  protected override async answer(received: Received): Promise<Sent> {
    this.calls += 1;
    const answered = this.isDeaf ? undefined : await super.answer(received);
    return this.isSilent || answered === undefined ? sent(503, { error: 'silent' }) : answered;
  }
}
