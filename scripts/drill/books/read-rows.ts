/** One query of PostgreSQL; its caller names the columns in the same line as the row type. */
export type ReadRows = <Row>(text: string) => Promise<Row[]>;
