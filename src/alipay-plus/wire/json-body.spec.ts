import * as fc from 'fast-check';
import { readJsonBody } from './json-body.js';

const read = (text: string) => readJsonBody(Buffer.from(text));

describe('readJsonBody', () => {
  it.each([
    '8561.0000000000000001',
    '8561.0',
    '1e3',
    '1E+2',
    '9007199254740993',
    '-0',
    '1.23456789012345678',
    '0.10',
  ])(
    'puts nothing readable in the place of the number %s, which a double does not spell like this',
    (number) => {
      const nothing: unknown[] = [];
      expect(read(`{"a":${number},"b": ${number} ,"c":[${number},\n${number}]}`)).toEqual({
        readable: true,
        json: { a: nothing, b: nothing, c: [nothing, nothing] },
      });
    },
  );

  it.each([
    '{"a":"x:1.50,[2.50","b":"\\":1.50\\"","c":"\\\\","d":7,"e":true,"f":null,"g":-3,"h":"1e3"}',
    '{"a":8.5614,"b":9007199254740992,"c":[0.5,-1.25]}',
  ])('leaves everything else as it is: %s', (text) => {
    expect(read(text)).toEqual({ readable: true, json: JSON.parse(text) as unknown });
  });

  it('reads whatever a writer of JSON wrote, digit for digit', () => {
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
});
