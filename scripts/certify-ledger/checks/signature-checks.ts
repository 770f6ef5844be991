import { randomBytes } from 'node:crypto';
import type { LedgerDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import type { Check } from '../check.js';
import type { Examination } from '../examination.js';
import type { WireRequest } from '../wire-exchange.js';

const SIX_MINUTES_MS = 360_000;

const signature: Check = {
  id: 'signature',
  title: 'A request whose signature does not fit is refused and moves nothing',
  protects: 'answer 401 to anything else',
  expected:
    '401 for each altered debit, lookup and reversal; the key stays as it was, and the genuine debit works',
  needs: 'signatures',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const forgedDebits = forgeriesOf(at, debit);
    for (const [what, request] of forgedDebits) {
      const { exchange } = await at.debitOnce(debit, request);
      at.expectStatus(`a debit with ${what}`, exchange, 401);
    }
    at.expectLookup('a lookup after them', await at.lookup(debit.key), { outcome: 'absent' });
    if (at.ledger.payer !== undefined) await expectProtected(at, debit);
    await at.expectBalance('after all of them', before, 0n);
    return `401 for ${forgedDebits.length} debits, a lookup and a reversal`;
  },
};

/** Lookup and reversal of an existing debit. */
async function expectProtected(at: Examination, debit: LedgerDebit): Promise<void> {
  const { client } = at;
  const ledgerReference = at.expectDone('the genuine debit', await at.debit(debit));
  const secret = randomBytes(32);
  const lookup = await client.send(client.lookupRequest(debit.key, { secret }));
  at.expectStatus('a lookup signed with another secret', lookup, 401);
  const otherPath = client.reversalRequest(at.aKey(), 'cancelled').headers;
  const genuine = client.reversalRequest(debit.key, 'cancelled');
  const reversal = await client.send({ ...genuine, headers: otherPath });
  at.expectStatus('a reversal with the signature of another one', reversal, 401);
  at.expectDebited('a lookup after that', await at.lookup(debit.key), debit, ledgerReference);
  at.expectDone('the genuine reversal', await at.reverse(debit.key));
}

function forgeriesOf({ client }: Examination, debit: LedgerDebit): [string, WireRequest][] {
  const genuine = client.debitRequest(debit);
  const withHeaders = (change: Record<string, string>) => ({
    ...genuine,
    headers: { ...genuine.headers, ...change },
  });
  const without = (name: string) => ({
    ...genuine,
    headers: Object.fromEntries(Object.entries(genuine.headers).filter(([header]) => header !== name)),
  });
  const signedAs = (change: Partial<Parameters<typeof client.signed>[0]>) =>
    client.signed({ method: 'POST', path: '/debits', key: debit.key, body: genuine.body, ...change }).headers;
  const hex = (genuine.headers['ledger-signature'] ?? '').slice('v1='.length);
  const oneDigitOff = (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
  const otherBody = Buffer.from(genuine.body.toString('utf8').replace(debit.description, 'something else'));
  const aSecondLater = new Date(Date.parse(genuine.headers['ledger-time'] ?? '') + 1000).toISOString();
  return [
    ['the signature of another secret', client.debitRequest(debit, { secret: randomBytes(32) })],
    ['one wrong digit in the signature', withHeaders({ 'ledger-signature': `v1=${oneDigitOff}` })],
    ['half a signature', withHeaders({ 'ledger-signature': `v1=${hex.slice(0, 32)}` })],
    ['an empty signature', withHeaders({ 'ledger-signature': 'v1=' })],
    ['another version of signature', withHeaders({ 'ledger-signature': `v0=${hex}` })],
    ['no signature', without('ledger-signature')],
    ['no time', without('ledger-time')],
    ['a time changed after signing', withHeaders({ 'ledger-time': aSecondLater })],
    ['a body changed after signing', { ...genuine, body: otherBody }],
    ['the signature of another path', { ...genuine, headers: signedAs({ path: '/debits/x/reversal' }) }],
    [
      'the signature of a GET',
      { ...genuine, headers: { ...genuine.headers, ...signedAs({ method: 'GET' }) } },
    ],
  ];
}

const signatureTime: Check = {
  id: 'signature-time',
  title: 'A request that was signed more than five minutes ago, or ahead, is refused',
  protects: 'refuse a Ledger-Time more than five minutes away from its own clock',
  expected:
    '401 for a Ledger-Time six minutes old, six minutes ahead, and one that is no time; nothing moves',
  needs: 'signatures',
  async examine(at) {
    const before = await at.balance();
    const now = Date.now();
    const times = [
      ['six minutes old', new Date(now - SIX_MINUTES_MS).toISOString()],
      ['six minutes ahead', new Date(now + SIX_MINUTES_MS).toISOString()],
      ['that is no time', 'yesterday'],
    ] as const;
    for (const [what, time] of times) {
      const debit = at.aDebit();
      const { exchange } = await at.debitOnce(debit, at.client.debitRequest(debit, { time }));
      at.expectStatus(`a debit with a Ledger-Time ${what}`, exchange, 401);
      at.expectLookup('a lookup after it', await at.lookup(debit.key), { outcome: 'absent' });
    }
    await at.expectBalance('after all of them', before, 0n);
    return '401 each time';
  },
};

export const SIGNATURE_CHECKS: readonly Check[] = [signature, signatureTime];
