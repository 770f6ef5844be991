import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { placeIn, placeOf } from './sealed-column.js';
import { keyIdOf, openedOr, SEAL_MARK, Sealing, UnopenedError, type HeldKey, type Place } from './sealing.js';

const HERE: Place = 'letter.text:1|2026';
const TEXT = Buffer.from('{"buyer":"Ada"}');

function aKey(keyId: number, sealsFrom = 0, purpose: HeldKey['purpose'] = 'seal'): HeldKey {
  return { keyId, purpose, key: createSecretKey(randomBytes(32)), sealsFrom };
}

function holding(...keys: HeldKey[]): Sealing {
  const sealing = new Sealing();
  sealing.hold(keys);
  return sealing;
}

describe('sealing', () => {
  it('returns any value unchanged, and never stores it in plain form', () => {
    const sealing = holding(aKey(7));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const plain = Buffer.from(bytes);
        const kept = sealing.seal(HERE, plain);
        expect(sealing.open(HERE, kept)).toEqual(plain);
        expect(keyIdOf(kept)).toBe(7);
        if (plain.length > 4) expect(kept.includes(plain)).toBe(false);
      }),
    );
  });

  it('never makes the same bytes twice', () => {
    const sealing = holding(aKey(7));
    expect(sealing.seal(HERE, TEXT)).not.toEqual(sealing.seal(HERE, TEXT));
  });

  it.each<[string, Place]>([
    ['another row', 'letter.text:2|2026'],
    ['another column', 'letter.head:1|2026'],
    ['another table', 'paper.text:1|2026'],
    ['a key cut elsewhere', 'letter.text:1|202'],
  ])('does not open a value that was moved to %s', (_where, place) => {
    const sealing = holding(aKey(7));
    expect(() => sealing.open(place, sealing.seal(HERE, TEXT))).toThrow(UnopenedError);
  });

  it('does not open a value with any changed bit', () => {
    const sealing = holding(aKey(7));
    const kept = sealing.seal(HERE, TEXT);
    for (let at = SEAL_MARK.length; at < kept.length; at += 1) {
      const changed = Buffer.from(kept);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => sealing.open(HERE, changed)).toThrow(UnopenedError);
    }
  });

  it('does not open what is sealed with a key of the same id and other bytes', () => {
    expect(() => holding(aKey(7)).open(HERE, holding(aKey(7)).seal(HERE, TEXT))).toThrow(/was changed/);
  });

  it('seals with the newest key whose time has come, and opens with every key it ever had', () => {
    const [old, young, next] = [aKey(1, -2), aKey(2, -1), aKey(3, performance.now() + 60_000)];
    const before = holding(old).seal(HERE, TEXT);
    const sealing = holding(young, next, old);
    expect(keyIdOf(sealing.seal(HERE, TEXT))).toBe(2);
    expect(sealing.open(HERE, before)).toEqual(TEXT);
    sealing.hold([young]);
    expect(sealing.open(HERE, before)).toEqual(TEXT);
  });

  it('leaves bytes as they are without a key, and before its time', () => {
    for (const sealing of [holding(), holding(aKey(1, Infinity))]) {
      expect(sealing.seal(HERE, TEXT)).toBe(TEXT);
      expect(sealing.sealingKeyId).toBeUndefined();
    }
  });

  it('opens values from before there was a key, and short bytes that begin alike', () => {
    const sealing = holding(aKey(7));
    for (const plain of [TEXT, Buffer.alloc(0), SEAL_MARK]) expect(sealing.open(HERE, plain)).toBe(plain);
  });

  it('names the missing key of a value, and nothing of the value', () => {
    const sealing = holding(aKey(1));
    let asked = 0;
    sealing.whenUnknown(() => (asked += 1));
    const kept = holding(aKey(2)).seal(HERE, TEXT);
    expect(() => sealing.open(HERE, kept)).toThrow(
      `${HERE} cannot be opened: the data key 2 is not known to this process`,
    );
    expect(asked).toBe(1);
  });

  it('has a digest that only the holder of the key can compute, and the plain one without a key', () => {
    const keyed = holding(aKey(1), aKey(2, 0, 'digest'));
    const plain = holding().digest('customer');
    expect(keyed.digest('customer')).toEqual(keyed.digest('customer'));
    expect(keyed.digest('customer')).not.toEqual(plain);
    expect(keyed.digest('customer')).not.toEqual(holding(aKey(2, 0, 'digest')).digest('customer'));
    expect(keyed.digests('customer')).toEqual([keyed.digest('customer'), plain]);
    expect(holding().digests('customer')).toEqual([plain]);
  });

  it('seals a text among others, and leaves one alone that only looks sealed', () => {
    const sealing = holding(aKey(7));
    const kept = sealing.sealText(HERE, '482913');
    expect(kept).toMatch(/^sealed:[A-Za-z0-9+/=]+$/);
    expect(sealing.openText(HERE, kept)).toBe('482913');
    expect(() => sealing.openText('letter.text:2|2026', kept)).toThrow(UnopenedError);
    for (const plain of ['482913', '', 'sealed:', 'sealed:482913'])
      expect(sealing.openText(HERE, plain)).toBe(plain);
    expect(holding().sealText(HERE, '482913')).toBe('482913');
  });

  it('reports every value that cannot be opened', () => {
    const sealing = holding(aKey(1));
    const told: string[] = [];
    sealing.whenUnopened(({ message }) => told.push(message));
    const kept = sealing.seal(HERE, TEXT);
    expect(openedOr('nothing', () => sealing.open('letter.text:2|2026', kept))).toBe('nothing');
    expect(openedOr('nothing', () => sealing.open(HERE, kept))).toEqual(TEXT);
    expect(() => openedOr('nothing', () => JSON.parse('{') as object)).toThrow(SyntaxError);
    expect(told).toEqual(['letter.text:2|2026 cannot be opened: it was changed, or belongs elsewhere']);
  });

  it('does not seal with a key that is for digests', () => {
    expect(holding(aKey(2, 0, 'digest')).seal(HERE, TEXT)).toBe(TEXT);
  });
});

describe('a place', () => {
  const column = {
    table: 'letter',
    column: 'text',
    id: 'letter_id',
    idType: 'uuid',
    key: ['author', 'at'],
  } as const;

  it('is made of the row’s key, with absent parts, and the same in SQL', () => {
    expect(placeOf(column, ['7', undefined])).toBe('letter.text:7|');
    expect(placeIn('l', column)).toBe(
      `'letter.text:' || coalesce(l.author::text, '') || '|' || coalesce(l.at::text, '')`,
    );
  });
});

describe('a key with words', () => {
  const words = Buffer.from('"buyer":"Ada","place":"London","count":"100","colour":""');
  const packing = { ...aKey(9), words };

  it('returns any value unchanged', () => {
    const sealing = holding(packing);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const plain = Buffer.from(bytes);
        expect(sealing.open(HERE, sealing.seal(HERE, plain))).toEqual(plain);
      }),
    );
  });

  it('shortens frequent texts, and makes nothing longer by more than a byte', () => {
    const sealing = holding(packing);
    const overhead = sealing.seal(HERE, Buffer.alloc(0)).length;
    const said = '{"buyer":"Ada","place":"London","count":"1000","colour":"blue","size":"8.5614"}';
    const often = Buffer.from(`[${[said, said, said, said].join()}]`);
    expect(sealing.seal(HERE, often).length).toBeLessThan(overhead + often.length / 2 + 8);
    for (const length of [1, 63, 64, 65, 1_000]) {
      const noise = randomBytes(length);
      expect(sealing.seal(HERE, noise).length).toBe(overhead + length);
    }
  });

  it('does not pack values that live for a moment, and still opens them', () => {
    const sealing = holding(packing);
    const often = Buffer.from('{"buyer":"Ada","place":"London","count":"100","colour":""}'.repeat(4));
    const sealed = sealing.seal(HERE, often, false);
    expect(sealed.length).toBe(holding(aKey(9)).seal(HERE, often).length + 1);
    expect(sealing.open(HERE, sealed)).toEqual(often);
  });

  it('opens values sealed with a key without words, and the other way round refuses instead of misreading', () => {
    const old = aKey(7);
    const kept = holding(old).seal(HERE, TEXT);
    expect(holding(old, { ...packing, sealsFrom: 1 }).open(HERE, kept)).toEqual(TEXT);
    const said = '{"buyer":"Ada","place":"London","count":"100","colour":"green","shape":"round"}';
    const long = Buffer.from(`[${[said, said, said, said].join()}]`);
    const unlike = holding({ ...packing, words: Buffer.from('x'.repeat(60)) });
    expect(openedOr('', () => unlike.open(HERE, holding(packing).seal(HERE, long)))).not.toEqual(long);
  });
});
