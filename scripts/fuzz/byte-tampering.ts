import * as fc from 'fast-check';

/** One change of the bytes of a body; `at` is taken modulo their number. */
export type ByteTampering =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'append' | 'prefix'; readonly text: string };

const at = fc.nat(4_000);
const text = fc.constantFrom('x', ' ', '\n', '0', '"', '}', ',', '\0', '\uFEFF', '{"result":', '<html>');

export const byteTampering: fc.Arbitrary<ByteTampering> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }) },
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({ kind: fc.constant('insert' as const), at, text }),
  fc.record({ kind: fc.constantFrom('append' as const, 'prefix' as const), text }),
);

export function tamperBytes(body: Buffer, tamperings: readonly ByteTampering[]): Buffer {
  let bytes = body;
  for (const tampering of tamperings) bytes = changed(bytes, tampering);
  return bytes;
}

function changed(bytes: Buffer, tampering: ByteTampering): Buffer {
  switch (tampering.kind) {
    case 'flip':
      return flipped(bytes, tampering.at % Math.max(1, bytes.length), tampering.bit);
    case 'cut':
      return bytes.subarray(0, tampering.at % (bytes.length + 1));
    case 'insert':
      return inserted(bytes, tampering.at % (bytes.length + 1), tampering.text);
    case 'append':
      return inserted(bytes, bytes.length, tampering.text);
    case 'prefix':
      return inserted(bytes, 0, tampering.text);
  }
}

function flipped(bytes: Buffer, index: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  if (index < copy.length) copy.writeUInt8(copy.readUInt8(index) ^ (1 << bit), index);
  return copy;
}

function inserted(bytes: Buffer, index: number, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, index), Buffer.from(text), bytes.subarray(index)]);
}
