import * as fc from 'fast-check';
import { canonical, readObject, scalarFault, textAt } from './json.js';

describe('reading a body', () => {
  it.each([
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['half an object', '{"a":'],
    ['nothing', ''],
    ['a byte order mark before the object', '\ufeff{}'],
  ])('gives nothing for %s', (_what, text) => {
    expect(readObject(Buffer.from(text))).toBeNull();
  });

  it('gives nothing for bytes that are not UTF-8', () => {
    expect(readObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeNull();
  });

  it('keeps the exact bytes as text', () => {
    const text = ' { "a" : "珈琲" }\n';
    expect(readObject(Buffer.from(text))).toEqual({ text, object: { a: '珈琲' } });
  });
});

describe('scalars', () => {
  it.each<[unknown, string | null]>([
    [{ a: 'x', b: null, c: [{ d: 'y' }] }, null],
    [{ a: 1 }, 'a must be a string'],
    [{ a: { b: true } }, 'a.b must be a string'],
    [{ a: [{ b: '' }] }, 'a.0.b must not be empty'],
  ])('%j is judged %j', (value, expected) => {
    const fault = scalarFault(value);
    expect(fault && `${fault.path} ${fault.reason}`).toBe(expected);
  });

  it('are searched only to a limited depth', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 1000; depth += 1) deep = { a: deep };
    expect(scalarFault(deep)?.reason).toBe('is nested too deeply');
  });
});

describe('canonical text', () => {
  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonical(reversed)).toBe(canonical(object));
      }),
    );
  });

  it('treats null like an absent member and distinguishes other values', () => {
    expect(canonical({ a: '1', b: null })).toBe(canonical({ a: '1' }));
    expect(canonical({ a: '1' })).not.toBe(canonical({ a: '2' }));
  });
});

describe('a text at a path', () => {
  it('is null when something else, or nothing, is there', () => {
    const value = { a: { b: 'x', c: 1 } };
    expect(textAt(value, 'a', 'b')).toBe('x');
    expect(textAt(value, 'a', 'c')).toBeNull();
    expect(textAt(value, 'z', 'b')).toBeNull();
  });
});
