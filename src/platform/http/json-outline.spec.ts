import * as fc from 'fast-check';
import { hasDuplicateKey as namesAKeyTwice } from './json-outline.js';

function hasDuplicateKey(json: string): boolean {
  return namesAKeyTwice(Buffer.from(json, 'utf8'), JSON.parse(json));
}

/** Writes a value as JSON, spelling each character of a string as an escape when the coin says so. */
function spelled(value: unknown, coin: () => boolean): string {
  if (typeof value === 'string') return spelledText(value, coin);
  if (Array.isArray(value)) return `[ ${value.map((one) => spelled(one, coin)).join(' , ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, one]) => `${spelledText(key, coin)} :\n${spelled(one, coin)}`,
  );
  return `{${members.join(',')}}`;
}

function spelledText(text: string, coin: () => boolean): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const written = units.map((unit) =>
    coin()
      ? `\\u${unit.toString(16).padStart(4, '0')}`
      : JSON.stringify(String.fromCharCode(unit)).slice(1, -1),
  );
  return `"${written.join('')}"`;
}

const anyJson = fc.jsonValue({ maxDepth: 4 });

describe('a key named twice', () => {
  it('finds nothing in any JSON text whose keys are all different, however it is spelled', () => {
    fc.assert(
      fc.property(anyJson, fc.infiniteStream(fc.boolean()), (value, coins) => {
        const text = spelled(value, () => coins.next().value === true);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(hasDuplicateKey(text)).toBe(false);
      }),
    );
  });

  it('finds a key named twice at any depth, between any neighbours, in any two spellings', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(anyJson, { minLength: 2, maxLength: 4 }),
        fc.nat(5),
        fc.infiniteStream(fc.boolean()),
        (key, values, depth, coins) => {
          const coin = (): boolean => coins.next().value === true;
          const members = values
            .map((value) => `${spelledText(key, coin)}:${spelled(value, coin)}`)
            .join(',');
          const inner = `{${members}}`;
          const text = Array.from({ length: depth }).reduce<string>(
            (nested) => (coin() ? `[0,${nested},"x"]` : `{"a":[],"b":${nested},"c":{}}`),
            inner,
          );
          expect(() => JSON.parse(text)).not.toThrow();
          expect(hasDuplicateKey(text)).toBe(true);
        },
      ),
    );
  });

  it('does not take equal values, or keys of different objects, for duplicates', () => {
    expect(hasDuplicateKey('{"a":"a","b":"a","c":["a","a",{"a":1}],"d":{"a":{"a":1}}}')).toBe(false);
    expect(hasDuplicateKey('{"a":"{\\"x\\":1,\\"x\\":2}"}')).toBe(false);
  });

  it('reads a text nested deeper than the stack', () => {
    expect(hasDuplicateKey(`${'[{"a":'.repeat(50_000)}0${'}]'.repeat(50_000)}`)).toBe(false);
  });

  it('takes the key that objects have by nature for one like any other', () => {
    expect(hasDuplicateKey('{"__proto__":{"a":1},"constructor":1}')).toBe(false);
    expect(hasDuplicateKey('{"__proto__":1,"__proto__":{"a":1}}')).toBe(true);
  });

  it('reads a text of a quarter of a megabyte that is one long string', () => {
    expect(hasDuplicateKey(JSON.stringify({ a: '\\"'.repeat(60_000) }))).toBe(false);
  });
});
