import { createSecretKey, randomBytes } from 'node:crypto';
import { Sealing } from '../../platform/sealing/sealing.js';
import type { OrderContent } from './order-content.js';
import { keptContent, openedContent } from './sealed-content.js';

const CONTENT: OrderContent = {
  orderDescription: 'two cups for Ada',
  goods: [{ name: 'cup' }],
  passThroughInfo: 'to be passed',
  exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5' },
  promotions: [{ promoName: 'spring' }],
  surcharged: true,
  requirements: {
    flags: ['needOtpVerification'],
    proofs: ['otp'],
    authorizationInfo: { authState: 'state' },
  },
};
const CLEAR: OrderContent = {
  promotions: CONTENT.promotions,
  surcharged: true,
  exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5' },
  requirements: { flags: ['needOtpVerification'], proofs: ['otp'] },
};

function withKey(): Sealing {
  const sealing = new Sealing();
  sealing.hold([{ keyId: 1, purpose: 'seal', key: createSecretKey(randomBytes(32)), sealsFrom: 0 }]);
  return sealing;
}

const kept = (sealing: Sealing, content = CONTENT) =>
  keptContent(sealing, 'payment-1', content, JSON.stringify(content));

const rowOf = ({ content, sealed }: ReturnType<typeof kept>, paymentId = 'payment-1') => ({
  payment_id: paymentId,
  content: JSON.parse(content) as OrderContent,
  sealed_content: sealed ?? null,
});

describe('the content of an order', () => {
  it('is stored sealed, except the fields that decide about money, and read whole', () => {
    const sealing = withKey();
    const row = rowOf(kept(sealing));
    expect(row.content).toEqual(CLEAR);
    expect(String(row.sealed_content)).not.toContain('Ada');
    expect(openedContent(row, sealing)).toEqual(CONTENT);
  });

  it('is stored and read in plain form without a key', () => {
    const row = rowOf(kept(new Sealing()));
    expect(row).toMatchObject({ content: CONTENT, sealed_content: null });
    expect(openedContent(row, withKey())).toEqual(CONTENT);
  });

  it('without its key, or of another payment, still has the fields that decide about money, and says so', () => {
    const sealing = withKey();
    const sealed = kept(sealing);
    expect(openedContent(rowOf(sealed), withKey())).toEqual({ ...CLEAR, isUnreadable: true });
    expect(openedContent(rowOf(sealed, 'payment-2'), sealing)).toEqual({ ...CLEAR, isUnreadable: true });
  });

  it('that was erased has the same fields, and is no fault', () => {
    const row = { ...rowOf(kept(withKey())), sealed_content: Buffer.alloc(0) };
    expect(openedContent(row, withKey())).toEqual(CLEAR);
  });

  it.each([
    ['a zero byte', 'a\u0000b', true],
    ['half a character', 'a\ud83d', true],
    ['a zero byte behind a backslash', '\\\u0000', true],
    ['the text of an escape', String.raw`a\u0000b`, false],
    ['a whole character', '\ud83d\ude00', false],
  ])('with %s goes to the database as it would without a key: %j', (_what, orderDescription, isPlain) => {
    const { sealed } = kept(withKey(), { ...CONTENT, orderDescription });
    expect(sealed === undefined).toBe(isPlain);
  });

  it('has no requirements when it had none', () => {
    const bare = { promotions: [], surcharged: false };
    expect(rowOf(kept(withKey(), bare)).content).toEqual(bare);
  });
});
