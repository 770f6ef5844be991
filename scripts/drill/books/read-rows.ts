/** One question to PostgreSQL; whoever asks names the columns in the same line as the row type. */
export type ReadRows = <Row>(text: string) => Promise<Row[]>;
