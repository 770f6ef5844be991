import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HttpService } from '@nestjs/axios';
import { CoreClient } from '../../scripts/certify-ledger/core-client.js';
import {
  readDebitAnswer,
  readListing,
  readLookup,
  readRefundAnswer,
  readReversalAnswer,
} from '../../src/wallet-ledger/http/ledger-answer-reader.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { assertLedgerKey } from '../../src/wallet-ledger/ledger-call-rules.js';
import { LEDGER_REFUSAL_CODES, type LedgerDebit } from '../../src/wallet-ledger/wallet-ledger.js';
import { SECRET } from '../support/ledgers/certified.js';
import { MemoryLedgerServer, type Received, type Sent } from '../support/ledgers/memory-ledger-server.js';
import { faultsOf, isJson, partOf, referencesIn, type Json } from '../support/ledgers/schema-check.js';

class ListeningLedger extends MemoryLedgerServer {
  readonly calls: { readonly received: Received; readonly sent: Sent }[] = [];

  protected override async answer(received: Received): Promise<Sent> {
    const sent = await super.answer(received);
    this.calls.push({ received, sent });
    return sent;
  }
}

const ANSWER = ['responses', '200', 'content', 'application/json'];

function aDebit(change: Partial<LedgerDebit> = {}): LedgerDebit {
  const amount = { currency: 'HKD', value: 7n };
  const notAfter = new Date(Date.now() + 60_000);
  return {
    key: randomUUID(),
    paymentRequestId: randomUUID(),
    customerId: 'rich',
    amount,
    notAfter,
    description: 'Tea House 茶屋',
    ...change,
  };
}

/** A path such as `/wallet/ledger/debits/<key>/reversal` as the document writes it. */
function templateOf(path: string): string {
  return path
    .replace('/wallet/ledger', '')
    .replace(/\?.*$/, '')
    .replace(/^\/debits\/[^/]+/, '/debits/{key}');
}

function isLedgerKey(key: string): boolean {
  try {
    assertLedgerKey(key);
    return true;
  } catch {
    return false;
  }
}

const operationsIn = (document: Json): string[] =>
  Object.entries(partOf(document, 'paths')).flatMap(([path, methods]) =>
    Object.keys(isJson(methods) ? methods : {}).map((method) => `${method.toUpperCase()} ${path}`),
  );

describe('docs/wallet-ledger.openapi.json', () => {
  let document: Json;
  const ledger = new ListeningLedger(SECRET);
  let url: string;
  beforeAll(async () => {
    const parsed: unknown = JSON.parse(await readFile('docs/wallet-ledger.openapi.json', 'utf8'));
    if (!isJson(parsed)) throw new Error('the document is no object');
    document = parsed;
    url = await ledger.listen();
    // Every kind of answer: done, refused, other content, each lookup, and a reversal.
    const adapter = new HttpWalletLedger(new HttpService(), {
      url,
      secret: Buffer.from(SECRET),
      timeoutMs: 7000,
    });
    const debit = aDebit();
    await adapter.lookup(debit.key);
    await adapter.debit(debit);
    await adapter.debit({ ...debit, customerId: 'poor' });
    await adapter.lookup(debit.key);
    const refund = {
      key: randomUUID(),
      debitKey: debit.key,
      amount: { currency: 'HKD', value: 3n },
      reason: 'x',
    };
    await adapter.refund(refund);
    await adapter.refund({ ...refund, key: randomUUID(), amount: debit.amount });
    await adapter.reverse(debit.key, 'cancelled by Alipay+');
    await adapter.lookup(debit.key);
    const refused = aDebit({ customerId: 'ghost' });
    await adapter.debit(refused);
    await adapter.lookup(refused.key);
    await adapter.debit(aDebit({ paymentRequestId: debit.paymentRequestId }));
    await adapter.listDebits({ from: new Date(0), to: new Date(Date.now() + 60_000) });
  });
  afterAll(() => ledger.close());

  it('is OpenAPI 3, and has no reference to nothing', () => {
    expect(document['openapi']).toMatch(/^3\.0\.\d$/);
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references)
      expect(() => partOf(document, ...reference.replace('#/', '').split('/'))).not.toThrow();
  });

  it('has the calls that the service makes, and no others', () => {
    const made = ledger.calls.map(({ received: { method, path } }) => `${method} ${templateOf(path)}`);
    expect(new Set(operationsIn(document))).toEqual(new Set(made));
  });

  it('describes the headers and every field of what the service sends', () => {
    const schemes = Object.values(partOf(document, 'components', 'securitySchemes'));
    for (const { received } of ledger.calls) {
      const { method, path, headers, body } = received;
      for (const scheme of schemes)
        expect(headers).toHaveProperty([String(isJson(scheme) && scheme['name']).toLowerCase()]);
      if (method === 'GET') continue;
      expect(headers).toHaveProperty(['idempotency-key']);
      const content = ['requestBody', 'content', 'application/json'];
      const schema = partOf(document, 'paths', templateOf(path), 'post', ...content, 'schema');
      expect(faultsOf(document, schema, JSON.parse(body))).toEqual([]);
    }
  });

  it('describes every answer', () => {
    expect(ledger.calls.length).toBe(12);
    for (const { received, sent } of ledger.calls) {
      const { method, path } = received;
      const call = ['paths', templateOf(path), method.toLowerCase()];
      const schema = partOf(document, ...call, ...ANSWER, 'schema');
      expect(faultsOf(document, schema, JSON.parse(sent.text))).toEqual([]);
    }
  });

  it('has the refusal codes of the service, in its order', () => {
    expect(partOf(document, 'components', 'schemas', 'RefusalCode')['enum']).toEqual([
      ...LEDGER_REFUSAL_CODES,
    ]);
  });

  it('accepts the same keys as the service, and nothing else', () => {
    const schema = partOf(document, 'components', 'schemas', 'Key');
    const keys = ['a', '0', '', '-a', '..', 'a b', 'a/b?c', 'aé', `a${'~'.repeat(127)}`, 'a'.repeat(129)];
    const isTaken = (key: string) => faultsOf(document, schema, key).length === 0;
    expect(keys.map(isTaken)).toEqual(keys.map(isLedgerKey));
    expect(keys.filter(isTaken)).toHaveLength(4);
  });

  it('gives examples that the service reads as intended', () => {
    const readers: Record<string, (body: Buffer, key: string) => { outcome: string }> = {
      'POST /debits': (body, key) =>
        readDebitAnswer(body, aDebit({ key, amount: { currency: 'HKD', value: 8518n } })),
      'GET /debits': readListing,
      'GET /debits/{key}': readLookup,
      'POST /debits/{key}/reversal': readReversalAnswer,
      'POST /debits/{key}/refunds': (body, key) =>
        readRefundAnswer(body, { key, debitKey: 'x', amount: { currency: 'HKD', value: 100n }, reason: '' }),
    };
    const read: string[] = [];
    for (const operation of operationsIn(document)) {
      const [method = '', path = ''] = operation.split(' ');
      const answer = ['paths', path, method.toLowerCase(), ...ANSWER];
      for (const [meant, example] of Object.entries(partOf(document, ...answer, 'examples'))) {
        const value = isJson(example) && isJson(example['value']) ? example['value'] : {};
        expect(faultsOf(document, partOf(document, ...answer, 'schema'), value)).toEqual([]);
        const told = readers[operation]?.(Buffer.from(JSON.stringify(value)), String(value['key']));
        expect(told?.outcome).toBe(meant);
        if (meant === 'unknown') expect(told).toMatchObject({ reason: 'ledger_unknown' });
        read.push(meant);
      }
    }
    expect(read.toSorted()).toEqual([
      'absent',
      'debited',
      'done',
      'done',
      'done',
      'listed',
      'refused',
      'refused',
      'refused',
      'refused',
      'reversed',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('the requests of the certification', () => {
  it("are the service's own, except for the time of signing", async () => {
    const ledger = new ListeningLedger(SECRET);
    const address = { url: await ledger.listen(), secret: Buffer.from(SECRET), timeoutMs: 7000 };
    const adapter = new HttpWalletLedger(new HttpService(), address);
    const client = new CoreClient(address);
    try {
      const debit = aDebit({ key: `a/b?c#d%20'(e)` });
      for (const ask of [adapter, client]) {
        await ask.debit(debit);
        await ask.lookup(debit.key);
        await ask.refund({ key: 'r/1', debitKey: debit.key, amount: debit.amount, reason: 'given back' });
        await ask.reverse(debit.key, 'cancelled');
      }
      const seen = ledger.calls.map(({ received: { method, path, headers, body } }) => {
        const { accept, 'content-type': type, 'idempotency-key': key, 'accept-encoding': encoding } = headers;
        return { method, path, body, accept, type, key, encoding };
      });
      expect(seen.slice(0, 4)).toEqual(seen.slice(4));
      expect(seen).toHaveLength(8);
    } finally {
      client.close();
      await ledger.close();
    }
  });
});
