/** A part of an OpenAPI 3.0 document, as JSON holds it. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The part at the end of a path into the document; `$ref`s are followed on the way. */
export function partOf(document: Json, ...path: readonly string[]): Json {
  let part: unknown = document;
  for (const step of path) part = followed(document, isJson(part) ? part[step] : undefined);
  if (!isJson(part)) throw new Error(`the document has no ${path.join(' > ')}`);
  return part;
}

function followed(document: Json, part: unknown): unknown {
  const reference = isJson(part) ? part['$ref'] : undefined;
  if (typeof reference !== 'string') return part;
  return partOf(document, ...reference.replace('#/', '').split('/'));
}

/** Every `$ref` of a document, wherever it stands. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJson(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

/**
 * The differences of a value from a schema; supports as much of the language as the document uses, and throws beyond
 * it.
 */
export function faultsOf(document: Json, schemaOrReference: unknown, value: unknown, at = '$'): string[] {
  const schema = followed(document, schemaOrReference);
  if (!isJson(schema)) throw new Error(`${at} has no schema`);
  if (Array.isArray(schema['oneOf'])) {
    const fitting = schema['oneOf'].filter((one) => faultsOf(document, one, value, at).length === 0);
    return fitting.length === 1 ? [] : [`${at} fits ${fitting.length} of the choices`];
  }
  if (schema['type'] === 'string') return faultsOfText(schema, value, at);
  if (schema['type'] === 'array') {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((one, index) => faultsOf(document, schema['items'], one, `${at}[${index}]`));
  }
  if (schema['type'] !== 'object') throw new Error(`${at} has a schema of an unknown type`);
  if (!isJson(value)) return [`${at} is no object`];
  const properties = isJson(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return [
    ...required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, field]) =>
      Object.hasOwn(properties, name)
        ? faultsOf(document, properties[name], field, `${at}.${name}`)
        : [`${at}.${name} is not described`],
    ),
  ];
}

function faultsOfText(schema: Json, value: unknown, at: string): string[] {
  if (typeof value !== 'string') return [`${at} is no text`];
  const { pattern, minLength, maxLength, enum: words, format } = schema;
  const faults: string[] = [];
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) faults.push('pattern');
  if (typeof minLength === 'number' && value.length < minLength) faults.push('minLength');
  if (typeof maxLength === 'number' && value.length > maxLength) faults.push('maxLength');
  if (Array.isArray(words) && !words.includes(value)) faults.push('enum');
  if (format === 'date-time' && !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) faults.push('format');
  return faults.map((fault) => `${at} breaks ${fault}`);
}
