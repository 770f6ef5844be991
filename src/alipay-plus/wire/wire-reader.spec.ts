import type { ValidationError } from 'class-validator';
import * as fc from 'fast-check';
import { validatedByLibrary } from '../spec-support/class-validator-rules.js';
import { fullAnswer } from '../spec-support/full-answer.js';
import { Amount, Quote } from './amount.js';
import { PaymentFactor, UserInitiatedPayResponse } from './user-initiated-pay.js';
import { wireFieldsOf, type WireClass } from './wire-field.js';
import { isJsonObject, wireReaderOf, type JsonObject, type WireFault } from './wire-reader.js';

function read<T extends object>(type: WireClass<T>, raw: JsonObject) {
  const faults: WireFault[] = [];
  return { value: wireReaderOf(type)(raw, faults), fields: faults.map(({ field }) => field) };
}

describe('the reader of an amount', () => {
  it('keeps the digits as they came, at any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 400n }), (value) => {
        const { value: amount, fields } = read(Amount, { currency: 'JPY', value: String(value) });
        expect(fields).toEqual([]);
        expect(BigInt(amount.value)).toBe(value);
        expect(amount.value).toBe(String(value));
      }),
    );
  });

  it('accepts a bare whole number only while a double holds it exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 70n }), (value) => {
        const raw: unknown = JSON.parse(`{"currency":"JPY","value":${value}}`);
        const { value: amount, fields } = read(Amount, isJsonObject(raw) ? raw : {});
        const isExact = value <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(fields).toEqual(isExact ? [] : ['value']);
        expect(amount.value).toBe(isExact ? String(value) : undefined);
      }),
    );
  });

  it('refuses every text that is not a plain natural number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (value) => {
        fc.pre(!/^[1-9]\d*$/.test(value));
        expect(read(Amount, { currency: 'JPY', value }).fields).toEqual(['value']);
      }),
    );
  });

  it.each(['0', '-1', '+1', '1.0', '1e3', '0100', ' 1', '1 ', '１', '0x10', 'NaN', '1,000'])(
    'refuses the value %j',
    (value) => {
      expect(read(Amount, { currency: 'JPY', value }).fields).toEqual(['value']);
    },
  );

  it.each(['jpy', 'JP', 'JPYX', 'ZZZ', '392', ' JPY'])('refuses the currency %j', (currency) => {
    expect(read(Amount, { currency, value: '1' }).fields).toEqual(['currency']);
  });

  it('refuses more digits than the database can hold', () => {
    expect(read(Amount, { currency: 'JPY', value: '9'.repeat(131_073) }).fields).toEqual(['value']);
  });
});

describe('the reader of a rate', () => {
  const quote = { quoteId: 'q', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' };

  it('reads the pair of a surcharge within one currency', () => {
    expect(read(Quote, { ...quote, quoteCurrencyPair: 'KRW/KRW' }).fields).toEqual([]);
  });

  it.each(['8.5614', '0.000000000000001', '12', `1.${'3'.repeat(30)}`])(
    'takes the price %s',
    (quotePrice) => {
      expect(read(Quote, { ...quote, quotePrice })).toMatchObject({ fields: [], value: { quotePrice } });
    },
  );

  it('accepts a bare price while a double holds all its digits', () => {
    expect(read(Quote, { ...quote, quotePrice: 8.5614 }).value.quotePrice).toBe('8.5614');
    expect(read(Quote, { ...quote, quotePrice: 1.2345678901234567 }).fields).toEqual(['quotePrice']);
    expect(read(Quote, { ...quote, quotePrice: 1e-9 }).fields).toEqual(['quotePrice']);
  });

  it.each(['0', '0.0', '-1', '1e2', '.5', '5.', '1,5', '', `1.${'3'.repeat(31)}`])(
    'refuses the price %j',
    (quotePrice) => {
      expect(read(Quote, { ...quote, quotePrice }).fields).toEqual(['quotePrice']);
    },
  );

  it.each(['JPYHKD', 'JPY/HK', 'JPY/ZZZ', 'jpy/hkd', 'JPY-HKD', 'JPY/HKD '])(
    'refuses the pair %j',
    (pair) => {
      expect(read(Quote, { ...quote, quoteCurrencyPair: pair }).fields).toEqual(['quoteCurrencyPair']);
    },
  );
});

describe('the reader of flags', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['true ', true],
    [' True', true],
    [true, true],
    ['false', false],
    ['FALSE', false],
    [false, false],
    [null, undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (needSurcharge, expected) => {
    const { value, fields } = read(PaymentFactor, { needSurcharge });
    expect(value.needSurcharge).toBe(expected);
    expect(fields).toEqual([]);
  });

  it.each(['yes', '1', 1, 'truetrue', 'null', [], {}])('does not guess what %j means', (needSurcharge) => {
    const { value, fields } = read(PaymentFactor, { needSurcharge });
    expect(value).not.toHaveProperty('needSurcharge');
    expect(fields).toEqual(['needSurcharge']);
  });
});

describe('the reader of an id', () => {
  it.each([true, false, {}, [], 2 ** 53])('does not accept %j as an id', (paymentRequestId) => {
    const { value, fields } = read(UserInitiatedPayResponse, { ...fullAnswer(1), paymentRequestId });
    expect(fields).toEqual(['paymentRequestId']);
    expect(value).not.toHaveProperty('paymentRequestId');
  });
});

describe('the reader of an answer', () => {
  it('reads every field of a full answer into instances, without a fault', () => {
    const raw = fullAnswer();
    const { value, fields } = read(UserInitiatedPayResponse, raw);
    expect(fields).toEqual([]);
    expect(value.order?.goods).toHaveLength(100);
    expect(value.order?.goods?.[99]?.goodsUnitAmount).toBeInstanceOf(Amount);
    const withTextFlags: unknown = JSON.parse(
      JSON.stringify(value, (_, field: unknown) => (typeof field === 'boolean' ? String(field) : field)),
    );
    expect(withTextFlags).toEqual(raw);
  });

  it('misses no declared field in the full answer of the specs', () => {
    const missing = (type: WireClass, sample: unknown, path: string): string[] =>
      wireFieldsOf(type).flatMap(({ name, value }) => {
        const given = isJsonObject(sample) ? sample[name] : undefined;
        if (given === undefined) return [path + name];
        const inner: unknown = Array.isArray(given) ? given[0] : given;
        return value.shape === 'scalar' ? [] : missing(value.of, inner, `${path}${name}.`);
      });
    expect(missing(UserInitiatedPayResponse, fullAnswer(), '')).toEqual([]);
  });

  it('keeps a display text that is too long, and counts an emoji as one character', () => {
    const answer = { ...fullAnswer(1), acquirerId: '😀'.repeat(64), pspId: '😀'.repeat(65) };
    const { value, fields } = read(UserInitiatedPayResponse, answer);
    expect(fields).toEqual(['pspId']);
    expect(value.pspId).toHaveLength(130);
  });

  it('keeps no more goods than the API allows, and reports it', () => {
    const { value, fields } = read(UserInitiatedPayResponse, fullAnswer(101));
    expect(fields).toEqual(['order.goods']);
    expect(value.order?.goods).toHaveLength(100);
  });

  it('replaces characters that a database cannot store, and reports it', () => {
    const { value, fields } = read(UserInitiatedPayResponse, { ...fullAnswer(1), acquirerId: 'a\0b\ud800c' });
    expect(fields).toEqual(['acquirerId']);
    expect(value.acquirerId).toBe('a\uFFFDb\uFFFDc');
  });

  it('drops an address that would run a script', () => {
    const addresses = [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      '/no',
    ];
    for (const paymentRedirectUrl of addresses) {
      const { value, fields } = read(UserInitiatedPayResponse, { ...fullAnswer(1), paymentRedirectUrl });
      expect(fields).toEqual(['paymentRedirectUrl']);
      expect(value).not.toHaveProperty('paymentRedirectUrl');
    }
  });

  it('drops half an amount instead of keeping half of it', () => {
    const { value, fields } = read(UserInitiatedPayResponse, {
      ...fullAnswer(1),
      payToAmount: { currency: 'HKD' },
    });
    expect(fields).toEqual(['payToAmount.value']);
    expect(value).not.toHaveProperty('payToAmount');
  });

  it('reads nothing from the prototype', () => {
    const polluted: unknown = JSON.parse('{"__proto__":{"payToAmount":{"currency":"HKD","value":"1"}}}');
    const { value } = read(UserInitiatedPayResponse, isJsonObject(polluted) ? polluted : {});
    expect(value.payToAmount).toBeUndefined();
  });

  it('gives the verdict of class-validator for any damage to any field', () => {
    const paths = pathsOf(fullAnswer(2), []);
    const damage = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        undefined,
        '',
        ' ',
        'x',
        '0',
        'TRUE',
        'true ',
        'ZZZ',
        '12.50',
        true,
        7,
        1e21,
      ),
      fc.constantFrom('x'.repeat(65), '😀'.repeat(64), 'a\0b', '\udc00', 'x'.repeat(300), 'x'.repeat(20_001)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), damage), { maxLength: 4 }), (damages) => {
        const raw: JsonObject = damaged(fullAnswer(2), damages);
        const { fields } = read(UserInitiatedPayResponse, raw);
        expect([...new Set(fields)].toSorted()).toEqual([...new Set(validated(raw))].toSorted());
      }),
      { numRuns: 500 },
    );
  });
});

/** Paths of all scalars. */
function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => pathsOf(inner, [...path, name]));
}

function damaged(answer: object, damages: readonly (readonly [readonly string[], unknown])[]): JsonObject {
  const copy: Record<string, unknown> = { ...structuredClone(answer) };
  for (const [path, damage] of damages) {
    const parent = path.slice(0, -1).reduce<unknown>((at, name) => Reflect.get(Object(at), name), copy);
    Reflect.set(Object(parent), path.at(-1) ?? '', damage);
  }
  return copy;
}

function validated(raw: JsonObject): string[] {
  return flatten(validatedByLibrary(UserInitiatedPayResponse, raw), '');
}

function flatten(errors: readonly ValidationError[], path: string): string[] {
  return errors.flatMap(({ property, children, constraints }) => {
    const own = /^\d+$/.test(property) ? `${path.slice(0, -1)}[${property}]` : path + property;
    return [...(constraints ? [own] : []), ...flatten(children ?? [], `${own}.`)];
  });
}
