import { PrimaryGeneratedColumn } from 'typeorm';

/** The name of a property as its column has it: `leaseUntil` is `lease_until`. */
export type ColumnOf<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${ColumnOf<Rest>}`
  : '';

/** A row of an entity's table, as a statement written by hand returns it. */
export type RowOf<Entity> = {
  readonly [Name in keyof Entity & string as ColumnOf<Name>]: Entity[Name];
};

/** What an entity's columns are once an empty one is an absent property. */
export type FieldsOf<Entity> = {
  readonly [Name in keyof Entity as null extends Entity[Name] ? never : Name]: Entity[Name];
} & {
  readonly [Name in keyof Entity as null extends Entity[Name] ? Name : never]?: NonNullable<Entity[Name]>;
};

export type ColumnType = 'uuid' | 'text' | 'int' | 'float8' | 'numeric' | 'timestamptz' | 'jsonb' | 'bytea';

/** Columns and the types they have in a list in JSON. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

export function columnOf<Name extends string>(property: Name): ColumnOf<Name> {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as ColumnOf<Name>; // what ColumnOf says
}

/** Columns as a statement selects them: `s.status, s.created_at`. */
export function selected(row: string, columns: readonly string[]): string {
  return columns.map((column) => `${row}.${column}`).join(', ');
}

/** Columns as an insert names them: `status, created_at`. */
export function named(columns: ColumnTypes): string {
  return Object.keys(columns).join(', ');
}

/** The condition of a column that holds one of these words, as a check of its table says it. */
export function isOneOf(column: string, words: readonly string[]): string {
  return `${column} in (${words.map((word) => `'${word}'`).join(', ')})`;
}

/** A list in JSON, `$1`, as rows with these columns. Bytes come in base64, the shortest text for them. */
export function recordset(columns: ColumnTypes): string {
  const entries = Object.entries(columns);
  const values = entries.map(([name, type]) =>
    type === 'bytea' ? `decode(${name}, 'base64') as ${name}` : name,
  );
  const declared = entries.map(([name, type]) => `${name} ${type === 'bytea' ? 'text' : type}`);
  return `select ${values.join(', ')} from json_to_recordset($1::json) t (${declared.join(', ')})`;
}

/** Bytes in a list in JSON, as `recordset` reads them. */
export function jsonBytes(bytes: Buffer): string {
  return bytes.toString('base64');
}

/** A key that PostgreSQL counts up by itself; its constraint is named by the table. */
export function IdentityKey(table: string, column: string): PropertyDecorator {
  return PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    name: column,
    primaryKeyConstraintName: `${table}_pk`,
  });
}
