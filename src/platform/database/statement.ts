/** One SQL text with a stable name; PostgreSQL prepares it once per connection under that name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Whatever runs statements: the database (each one its own transaction) or an open transaction. */
export interface Runner {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}
