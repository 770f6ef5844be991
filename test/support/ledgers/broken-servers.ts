import { setTimeout as sleep } from 'node:timers/promises';
import { refused, type KeyRecord } from './memory-books.js';
import { MemoryLedgerServer, sent, type Received, type Sent } from './memory-ledger-server.js';

/** Signs the characters of the body, which are its bytes as long as they are ASCII. */
export class SignsCharacters extends MemoryLedgerServer {
  protected override isGenuine(received: Received): boolean {
    return super.isGenuine({ ...received, body: received.body.replaceAll(/[^\x20-\x7e]/g, '?') });
  }
}

/** Treats a repeated request as an attack, and answers with a code that means: no money was taken. */
export class RefusesReplays extends MemoryLedgerServer {
  private readonly seen = new Set<string>();

  protected override async debit(received: Received): Promise<Sent> {
    const mark = String(received.headers['ledger-signature']);
    if (!this.seen.has(mark)) {
      this.seen.add(mark);
      return super.debit(received);
    }
    const { key, amount } = JSON.parse(received.body) as { key: string; amount: object }; // it was read once before
    return this.told(key, refused('REFUSED'), { amount });
  }
}

export class ReadsAmountsIntoDoubles extends MemoryLedgerServer {
  protected override valueIn(value: unknown): bigint {
    return BigInt(Number(super.valueIn(value)));
  }
}

export class TakesNumbersForText extends MemoryLedgerServer {
  protected override valueIn(value: unknown): bigint {
    return super.valueIn(typeof value === 'number' ? String(value) : value);
  }
}

export class ReadsLeadingZeros extends MemoryLedgerServer {
  protected override valueIn(value: unknown): bigint {
    return super.valueIn(typeof value === 'string' ? value.replace(/^0+(?=\d)/, '') : value);
  }
}

/** A column that is too short for the key, in a database that cuts longer values. */
export class CutsKeys extends MemoryLedgerServer {
  protected override keyIn(segment: string): string {
    return super.keyIn(segment).slice(0, 64);
  }
}

/** Decodes the path before it looks for the key in it, as many routers and proxies do. */
export class DecodesPathsFirst extends MemoryLedgerServer {
  protected override async answer(received: Received): Promise<Sent> {
    const isSigned = this.isTimely(received) && this.isGenuine(received);
    if (isSigned && decodeURIComponent(received.path).split('/').length > 6) return this.notFound();
    return super.answer(received);
  }
}

export class FindsNothingWith404 extends MemoryLedgerServer {
  protected override async lookup(key: string): Promise<Sent> {
    const answer = await super.lookup(key);
    return answer.text.includes('ABSENT') ? this.notFound() : answer;
  }
}

/** The transfer and the row of the key are two transactions, and only the second one ends with the connection. */
export class ForgetsWhoHungUp extends MemoryLedgerServer {
  protected override async debit(received: Received): Promise<Sent> {
    const answer = await super.debit(received);
    await sleep(4);
    if (received.isAbandoned()) this.books.keys.delete(String(received.headers['idempotency-key']));
    return answer;
  }
}

export class AcceptsAnySignature extends MemoryLedgerServer {
  protected override isGenuine(): boolean {
    return true;
  }
}

/** Checks only debits: lookups and reversals are thought to come "from inside". */
export class ChecksDebitsOnly extends MemoryLedgerServer {
  protected override isGenuine(received: Received): boolean {
    return received.path.endsWith('/debits') ? super.isGenuine(received) : true;
  }
}

/** Leaves the path out of the signed text. */
export class SignsNoPath extends MemoryLedgerServer {
  protected override isGenuine(received: Received): boolean {
    return (
      super.isGenuine(received) || super.isGenuine({ ...received, path: '/wallet/ledger/debits/x/reversal' })
    );
  }
}

export class AcceptsAnyTime extends MemoryLedgerServer {
  protected override isTimely(): boolean {
    return true;
  }
}

/** The answer of a single-page application behind the same address to everything. */
export class AnswersHtml extends MemoryLedgerServer {
  protected override async lookup(key: string): Promise<Sent> {
    const answer = await super.lookup(key);
    return answer.text.includes('ABSENT') ? html(200) : answer;
  }
}

export class AnswersLatin1 extends MemoryLedgerServer {
  protected override async answer(received: Received): Promise<Sent> {
    const answer = await super.answer(received);
    return { ...answer, headers: { 'content-type': 'application/json; charset=iso-8859-1' } };
  }
}

export class AnswersUnknownPaths extends MemoryLedgerServer {
  protected override notFound(): Sent {
    return sent(200, { status: 'ABSENT' });
  }
}

/** Its first answer waits for a start that takes longer than any caller waits. */
export class StartsTooSlowly extends MemoryLedgerServer {
  private isCold = true;

  protected override async answer(received: Received): Promise<Sent> {
    while (this.isCold && !received.isAbandoned()) await sleep(10);
    this.isCold = false;
    return super.answer(received);
  }
}

function html(status: number): Sent {
  return { status, headers: { 'content-type': 'text/html' }, text: '<!doctype html><title>Wallet</title>' };
}

export class ListsEverythingAsHeld extends MemoryLedgerServer {
  protected override entry(key: string, record: KeyRecord): object {
    return { ...super.entry(key, record), status: 'DEBITED' };
  }
}

/** A debit that is not on the first page counts as missing. */
export class ListsOnePage extends MemoryLedgerServer {
  protected override list(query: URLSearchParams): Sent {
    const page = super.list(query);
    const { debits }: { debits?: unknown } = { debits: undefined, ...(JSON.parse(page.text) as object) };
    return sent(page.status, { debits });
  }
}
