import * as fc from 'fast-check';
import type { Json, JsonObject } from './plausible-answer.js';

/** Picks a part of an answer: by its path, or any of all parts at that moment. */
type Pick = string | number;

/** One change of an answer before it is written. */
export type JsonTampering =
  | { readonly kind: 'drop' | 'wrap'; readonly at: Pick }
  | { readonly kind: 'replace'; readonly at: Pick; readonly value: Json }
  | { readonly kind: 'copy'; readonly at: Pick; readonly from: Pick }
  | { readonly kind: 'rename'; readonly at: Pick; readonly name: string }
  | { readonly kind: 'add' | 'twice'; readonly at: Pick; readonly name: string; readonly value: Json };

/** Marks a key that must be written twice; no plausible key ends like this. */
const ONCE_MORE = '\0';

/** Stands for lists nested deeper than a careless recursive function can go. */
const DEEP = '<deep>';
const DEEP_LEVELS = 20_000;

interface Trouble {
  /** The parts where it does most harm; a wrong word costs money in few places, and display texts outnumber them. */
  readonly aims: readonly string[];
  readonly values: readonly Json[];
}

/** Faults that integrations have had, or that an attacker might try. */
const TROUBLE: readonly Trouble[] = [
  {
    aims: ['payToAmount.value', 'paymentAmount.value', 'surchargeInfo.surchargeAmount.value'],
    values: ['0', '-1', '01', '+1', '1.0', '1e3', '1 ', '٣', '𝟙', '9'.repeat(200), '9007199254740993'],
  },
  {
    aims: ['payToAmount.value', 'paymentAmount.value', 'paymentRequestId', 'paymentQuote.quotePrice'],
    values: [0, 1, -1, 1.5, 1e21, 9_007_199_254_740_991, 9_007_199_254_740_992, '0.0', 'NaN'],
  },
  {
    aims: ['paymentRequestId', 'order.referenceOrderId', 'paymentQuote.quoteId'],
    values: ['', ' ', '\0', 'x\0y', '\uD83D', '🧾', 'x'.repeat(65), '語'.repeat(3_000)],
  },
  {
    aims: ['paymentFactor.needSurcharge', 'paymentFactor.isCashierPayment', 'paymentFactor'],
    values: [true, false, null, 'TRUE', 'true ', 'False', 'yes', '1', 'null'],
  },
  {
    aims: ['result.resultStatus', 'result.resultCode', 'actionForm.actionType', 'codeType'],
    values: ['S', 's', 'F', 'U', 'SUCCESS', 'ENTRY_CODE', 'HANDLE_BY_SDK', 'HANDLE_BY_PSP', 'HANDLE_BY_BANK'],
  },
  {
    aims: ['payToAmount.currency', 'paymentAmount.currency', 'paymentQuote.quoteCurrencyPair'],
    values: ['USD', 'usd', 'XYZ', 'HKD ', 'JPY/HKD', 'HKD/JPY', 'JPY/JPY', 'HKD-JPY'],
  },
  {
    aims: ['paymentExpiryTime', 'paymentNotifyUrl'],
    values: ['2099-01-01T00:00:00Z', '2099-01-01T00:00:00', '10000-01-01T00:00:00Z', 'x:y', 'http://[::1]/'],
  },
  {
    aims: ['result', 'payToAmount', 'surchargeInfo', 'paymentQuote', 'paymentFactor', 'actionForm', 'order'],
    values: [
      [],
      {},
      [1],
      ['true'],
      [[]],
      DEEP,
      { toString: 1 },
      { value: '1' },
      { currency: 'HKD', value: '7' },
    ],
  },
];

const aimed = fc
  .constantFrom(...TROUBLE)
  .chain(({ aims, values }) =>
    fc.record({ at: fc.constantFrom(...aims), value: fc.constantFrom(...values) }),
  );
const at: fc.Arbitrary<Pick> = fc.oneof(
  fc.nat(400),
  aimed.map((trouble) => trouble.at),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: aimed.map((trouble) => trouble.value) },
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.bigInt({ min: -5n, max: 10n ** 20n }).map(String),
  // JSON in every shape, which `fc.jsonValue` types as unknown.
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);
const name = fc.constantFrom(
  'needFaceScan',
  'value',
  'currency',
  '__proto__',
  'constructor',
  'payToAmount',
  'x',
);

export const jsonTampering: fc.Arbitrary<JsonTampering> = fc.oneof(
  { weight: 5, arbitrary: aimed.map((trouble) => ({ kind: 'replace' as const, ...trouble })) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replace' as const), at, value }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('drop' as const, 'wrap' as const), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('add' as const, 'twice' as const), at, name, value }),
  },
  fc.record({ kind: fc.constant('copy' as const), at, from: at }),
  fc.record({ kind: fc.constant('rename' as const), at, name }),
);

interface Place {
  readonly within: Record<string, Json> | Json[];
  readonly key: string;
  readonly path: string;
}

export function tamper(answer: JsonObject, tamperings: readonly JsonTampering[]): Json {
  // Structured clones of plain JSON are plain JSON, free to be changed.
  const root = { '': structuredClone(answer) } as unknown as Record<string, Json>;
  for (const tampering of tamperings) {
    const places = placesOf(root);
    const place = picked(places, tampering.at);
    if (place) change(place, tampering, places);
  }
  return root[''] ?? null;
}

/** The text of an answer, with duplicate keys and deep nesting that no object can have. */
export function written(answer: Json, indent: number): string {
  const deep = '['.repeat(DEEP_LEVELS) + ']'.repeat(DEEP_LEVELS);
  return JSON.stringify(answer, null, indent).replaceAll('\\u0000":', '":').replaceAll(`"${DEEP}"`, deep);
}

function change(place: Place, tampering: JsonTampering, places: readonly Place[]): void {
  switch (tampering.kind) {
    case 'drop':
      return remove(place);
    case 'wrap':
      return put(place, [read(place)]);
    case 'replace':
      return put(place, tampering.value);
    case 'copy': {
      const from = picked(places, tampering.from);
      return put(place, from ? structuredClone(read(from)) : null);
    }
    case 'rename': {
      const value = read(place);
      remove(place);
      return define(place.within, tampering.name, value);
    }
    case 'add':
      return define(place.within, tampering.name, tampering.value);
    case 'twice':
      return define(place.within, `${place.key}${ONCE_MORE}`, tampering.value);
  }
}

function picked(places: readonly Place[], at: Pick): Place | undefined {
  return typeof at === 'number' ? places[at % places.length] : places.find(({ path }) => path === at);
}

function placesOf(root: Record<string, Json>): Place[] {
  const places: Place[] = [];
  const open: { within: Place['within']; path: string }[] = [{ within: root, path: '' }];
  for (let next = open.shift(); next; next = open.shift()) {
    const { within } = next;
    for (const [key, part] of Object.entries(within)) {
      const path = next.path === '' ? key : `${next.path}.${key}`;
      places.push({ within, key, path });
      // Deep enough for every field of the API; deeper nesting stays in one piece.
      if (typeof part === 'object' && part !== null && places.length < 400) {
        open.push({ within: part as Place['within'], path }); // a clone of ours, see above
      }
    }
  }
  return places;
}

function read({ within, key }: Place): Json {
  // An array reads its elements by their index as text, like an object its fields.
  return (within as Record<string, Json>)[key] ?? null;
}

function put({ within, key }: Place, value: Json): void {
  define(within, key, value);
}

/** Defined and not assigned: `__proto__` has to become a key like any other. A list has no keys but its indices. */
function define(within: Place['within'], key: string, value: Json): void {
  if (Array.isArray(within) && !/^\d+$/.test(key)) within.push(value);
  else Object.defineProperty(within, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ within, key }: Place): void {
  if (Array.isArray(within)) within.splice(Number(key), 1);
  else delete within[key];
}
