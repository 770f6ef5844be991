import type { Socket } from 'node:net';
import { targetOf, WireMeter } from './wire-meter.js';

/** PostgreSQL's frontend messages that matter here, by their first byte (protocol 3, message formats). */
const [PARSE, BIND, QUERY, SYNC] = ['P', 'B', 'Q', 'S'];

/** Counts the requests of a client to PostgreSQL, by reading its side of the protocol. */
export class PostgresMeter extends WireMeter {
  /** In the order they were run: the name of a prepared statement, or the text of one without a name. */
  readonly statements: string[] = [];
  /** Statements that were sent to be parsed and planned, prepared ones included. */
  parses = 0;
  /** How often the client had to wait for the server. */
  roundTrips = 0;
  private readonly readers = new WeakMap<Socket, MessageReader>();

  static override async before(url: string): Promise<PostgresMeter> {
    const meter = new PostgresMeter(targetOf(url));
    await meter.listen();
    return meter;
  }

  protected override watch(client: Socket, chunk: Buffer): void {
    let reader = this.readers.get(client);
    if (!reader) {
      reader = new MessageReader((type, body) => this.count(type, body));
      this.readers.set(client, reader);
    }
    reader.take(chunk);
  }

  private unnamed = '';

  private count(type: string, body: Buffer): void {
    if (type === SYNC || type === QUERY) this.roundTrips += 1;
    if (type === QUERY) this.statements.push(textAt(body, 0));
    if (type === PARSE) {
      this.parses += 1;
      const name = textAt(body, 0);
      if (name === '') this.unnamed = textAt(body, 1);
    }
    if (type === BIND) {
      const portal = textAt(body, 0);
      this.statements.push(textAt(body, portal.length + 1) || this.unnamed);
    }
  }
}

/**
 * Splits the client's bytes into messages: a letter, a length that counts itself, a body; the first one has no letter.
 */
class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private isStarted = false;

  constructor(private readonly onMessage: (type: string, body: Buffer) => void) {}

  take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const head = this.isStarted ? 1 : 0;
      if (this.rest.length < head + 4) return;
      const end = head + this.rest.readInt32BE(head);
      if (this.rest.length < end) return;
      if (this.isStarted) {
        this.onMessage(String.fromCharCode(this.rest[0] ?? 0), this.rest.subarray(5, end));
      }
      this.isStarted = true;
      this.rest = this.rest.subarray(end);
    }
  }
}

/** A text that ends with a zero byte. */
function textAt(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from));
}
