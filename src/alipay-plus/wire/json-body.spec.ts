import * as fc from 'fast-check';
import { readJsonBody } from './json-body.js';

const read = (text: string) => readJsonBody(Buffer.from(text));

describe('readJsonBody', () => {
  it.each([
    '8561.0000000000000001',
    '9007199254740993',
    '1.23456789012345678',
    '1e400',
    '-1e-400',
    '0.30000000000000004441',
  ])('does not read the number %s, of which a double would lose digits', (number) => {
    const nothing: unknown[] = [];
    expect(read(`{"a":${number},"b": ${number} ,"c":[${number},\n${number}]}`)).toEqual({
      readable: true,
      json: { a: nothing, b: nothing, c: [nothing, nothing] },
    });
  });

  it.each([
    ['10.0000', 10],
    ['8561.0', 8561],
    ['1e3', 1000],
    ['1E+2', 100],
    ['-0', -0],
    ['0.0e5', 0],
    ['0.10', 0.1],
    ['-12.500', -12.5],
    ['2.5e-7', 2.5e-7],
    ['100000000000000000000000', 1e23],
  ])('reads the number %s, which loses nothing in any notation', (number, value) => {
    expect(read(`{"a":${number}}`)).toEqual({ readable: true, json: { a: value } });
  });

  it.each([
    '{"a":"x:1.50,[2.50","b":"\\":1.50\\"","c":"\\\\","d":7,"e":true,"f":null,"g":-3,"h":"1e3"}',
    '{"a":8.5614,"b":9007199254740992,"c":[0.5,-1.25]}',
  ])('leaves everything else unchanged: %s', (text) => {
    expect(read(text)).toEqual({ readable: true, json: JSON.parse(text) as unknown });
  });

  it('reads any text of a JSON writer, digit for digit', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual({ readable: true, json: JSON.parse(text) as unknown });
      }),
    );
  });

  it.each([
    ['[1.5]', 'body is not a JSON object'],
    ['1.5', 'body is not a JSON object'],
    ['{"a":1.50', 'body is not JSON'],
    ['{"a":1.}', 'body is not JSON'],
    ['{"a":1.50,"a":1.50}', 'body names a key twice'],
  ])('does not read %s', (text, reason) => {
    expect(read(text)).toEqual({ readable: false, reason });
  });

  // Counting the zeros of these one by one took minutes, during which nobody else was answered.
  it.each([`1${'0'.repeat(500_000)}1`, '9'.repeat(131_072), `0.${'0'.repeat(500_000)}1`])(
    'refuses a number of a hundred thousand digits at once',
    (number) => {
      const startedAt = performance.now();
      expect(read(`{"a":${number}}`)).toEqual({ readable: true, json: { a: [] } });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );
});
