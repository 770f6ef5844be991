import { createHmac } from 'node:crypto';
import { verifyEvent } from './events.js';

/** The example of the specification, and the one that its libraries are tested with (standardwebhooks.com). */
const PUBLISHED = [
  {
    secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
    id: 'msg_loFOjxBNrRLzqYUf',
    timestamp: '1731705121',
    body: '{"event_type":"ping","data":{"success":true}}',
    signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  },
  {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    body: '{"test": 2432232314}',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
];

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = JSON.stringify({ type: 'payment.paid', data: { merchant: 'Kissa Twin 珈琲店' } });
const NOW = new Date('2026-03-01T00:00:00Z');

function signed(body: string | Buffer = BODY, { secret = SECRET, id = 'msg_1', at = NOW } = {}) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
}

const verify = (
  headers: Record<string, string>,
  body: string | Uint8Array = BODY,
  secret: string | string[] = SECRET,
) => verifyEvent(body, headers, secret, { now: NOW });

describe('an event', () => {
  it.each(PUBLISHED)('is verified as the published example $id is', async (example) => {
    const { secret, id, timestamp, body, signature } = example;
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    const now = new Date(Number(timestamp) * 1000);
    // Signed well; they only lack the `type` that an event of the service has.
    await expect(verifyEvent(body, headers, secret, { now })).rejects.toMatchObject({
      reason: 'UNREADABLE_BODY',
    });
    await expect(verifyEvent(`${body} `, headers, secret, { now })).rejects.toMatchObject({
      reason: 'WRONG_SIGNATURE',
    });
  });

  it('is returned with its id, time and type', async () => {
    await expect(verify(signed())).resolves.toEqual({
      id: 'msg_1',
      sentAt: NOW,
      type: 'payment.paid',
      body: JSON.parse(BODY),
    });
  });

  it('is verified from headers of any kind, over the bytes as they came', async () => {
    const headers = signed();
    await expect(verifyEvent(BODY, new Headers(headers), SECRET, { now: NOW })).resolves.toBeDefined();
    const upperCase = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    await expect(verify(upperCase, Buffer.from(BODY))).resolves.toBeDefined();
    await expect(verify(headers, JSON.stringify(JSON.parse(BODY), null, 1))).rejects.toMatchObject({
      reason: 'WRONG_SIGNATURE',
    });
  });

  it('is verified while secrets rotate, on either side', async () => {
    const other = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
    await expect(verify(signed(BODY, { secret: other }), BODY, [SECRET, other])).resolves.toBeDefined();
    const both = {
      ...signed(),
      'webhook-signature': [
        'v1a,AAAA',
        signed(BODY, { secret: other })['webhook-signature'],
        signed()['webhook-signature'],
      ].join(' '),
    };
    await expect(verify(both)).resolves.toBeDefined();
    await expect(verify(signed(BODY, { secret: other }))).rejects.toMatchObject({
      reason: 'WRONG_SIGNATURE',
    });
  });

  it('is refused when it is too old or too new', async () => {
    const at = (offsetMs: number) => new Date(NOW.getTime() + offsetMs);
    await expect(verify(signed(BODY, { at: at(-300_000) }))).resolves.toBeDefined();
    await expect(verify(signed(BODY, { at: at(-301_000) }))).rejects.toMatchObject({ reason: 'TOO_OLD' });
    await expect(verify(signed(BODY, { at: at(301_000) }))).rejects.toMatchObject({ reason: 'TOO_NEW' });
  });

  const good = signed();
  it.each([
    ['no id', { ...good, 'webhook-id': '' }, 'MISSING_HEADER'],
    ['another id', { ...good, 'webhook-id': 'msg_2' }, 'WRONG_SIGNATURE'],
    ['a time that is no number', { ...good, 'webhook-timestamp': 'NaN' }, 'UNREADABLE_HEADER'],
    ['a time in hexadecimal', { ...good, 'webhook-timestamp': '0x69a38280' }, 'UNREADABLE_HEADER'],
    [
      'a time of its own',
      { ...good, 'webhook-timestamp': String(NOW.getTime() / 1000 + 1) },
      'WRONG_SIGNATURE',
    ],
    ['no signature', { ...good, 'webhook-signature': '' }, 'MISSING_HEADER'],
    ['an empty signature', { ...good, 'webhook-signature': 'v1,' }, 'WRONG_SIGNATURE'],
    ['a signature that is no base64', { ...good, 'webhook-signature': 'v1,***' }, 'WRONG_SIGNATURE'],
    [
      'a signature of another version',
      { ...good, 'webhook-signature': good['webhook-signature'].replace('v1', 'v2') },
      'WRONG_SIGNATURE',
    ],
    [
      'half a signature',
      { ...good, 'webhook-signature': good['webhook-signature'].slice(0, 25) },
      'WRONG_SIGNATURE',
    ],
  ])('is refused with %s', async (_what, headers, reason) => {
    await expect(verify(headers)).rejects.toMatchObject({ name: 'EventRefused', reason });
  });

  it.each([
    ['no JSON', 'paid'],
    ['no object', '"paid"'],
    ['no type', '{}'],
    ['a type that is no text', '{"type":1}'],
  ])('is refused when it is signed and holds %s', async (_what, body) => {
    await expect(verify(signed(body), body)).rejects.toMatchObject({ reason: 'UNREADABLE_BODY' });
  });

  it('is refused when it is signed and not UTF-8', async () => {
    const body = Buffer.from('{"type":"payment.paid\xff"}', 'latin1');
    await expect(verify(signed(body), body)).rejects.toMatchObject({ reason: 'UNREADABLE_BODY' });
  });

  it.each(['', 'whsec_', 'whsec_***'])('is verified with no secret like "%s"', async (secret) => {
    await expect(verify(signed(), BODY, secret)).rejects.toThrow('a secret is whsec_ and base64');
  });
});
