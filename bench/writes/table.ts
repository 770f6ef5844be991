import { markdown } from '../compare/table.js';
import type { Logged, TableUpdates } from './log-records.js';

/** The writes of a number of payments. */
export interface Written {
  readonly way: string;
  readonly payments: number;
  /** The runs of each statement, by its name. */
  readonly statements: Readonly<Record<string, number>>;
  readonly logged: Logged;
}

/** In production the wallet's core has these tables. */
const isOfLedger = (table: string): boolean => table.startsWith('ledger_');

/** All bytes that a payment writes, except those of the embedded ledger. */
function bytesOfAPayment({ payments, logged }: Written): number {
  const ledger = logged.relations.filter(({ table }) => isOfLedger(table));
  return (logged.bytes - ledger.reduce((sum, { bytes }) => sum + bytes, 0)) / payments;
}

export function tablesOf(written: readonly Written[], updates: readonly TableUpdates[]): string {
  const payment = written.map(({ way, payments }) => `${way} (${payments})`);
  return [
    markdown(['statements of a payment', ...payment], statementRows(written)),
    markdown(['table, bytes of log for a payment', ...payment], tableRows(written)),
    markdown(['relation', ...payment], relationRows(written)),
    markdown(['table', 'updates', 'HOT %'], updates.map(hotRow)),
  ].join('\n\n');
}

function statementRows(written: readonly Written[]): string[][] {
  const names = [...new Set(written.flatMap(({ statements }) => Object.keys(statements)))];
  const sums = written.map(({ statements, payments }) =>
    (Object.values(statements).reduce((sum, times) => sum + times, 0) / payments).toFixed(2),
  );
  return [
    ...names.map((name) => [
      name,
      ...written.map(({ statements, payments }) => ((statements[name] ?? 0) / payments).toFixed(2)),
    ]),
    ['all', ...sums],
  ];
}

function tableRows(written: readonly Written[]): string[][] {
  const sumOf = ({ logged, payments }: Written, wanted: (table: string) => boolean): string =>
    (
      logged.relations.filter(({ table }) => wanted(table)).reduce((sum, { bytes }) => sum + bytes, 0) /
      payments
    ).toFixed(0);
  const tables = new Set(written.flatMap(({ logged }) => logged.relations.map(({ table }) => table)));
  const row = (name: string, figure: (one: Written) => string): string[] => [name, ...written.map(figure)];
  return [
    ...[...tables].map((name) => row(name, (one) => sumOf(one, (table) => table === name))),
    row('commits', ({ logged, payments }) => (logged.commits.bytes / payments).toFixed(0)),
    row('all', ({ logged, payments }) => (logged.bytes / payments).toFixed(0)),
    row('all but the embedded ledger', (one) => bytesOfAPayment(one).toFixed(0)),
    row('records', ({ logged, payments }) =>
      (logged.relations.reduce((sum, { records }) => sum + records, 0) / payments).toFixed(1),
    ),
    row('pages touched', ({ logged, payments }) => (logged.pages / payments).toFixed(2)),
    row('images of whole pages, not counted above', ({ logged, payments }) =>
      (logged.pageImageBytes / payments).toFixed(0),
    ),
  ];
}

function relationRows(written: readonly Written[]): string[][] {
  const relations = [
    ...new Set(written.flatMap(({ logged }) => logged.relations.map(({ relation }) => relation))),
  ];
  return relations.map((relation) => [
    relation,
    ...written.map(({ logged, payments }) => {
      const found = logged.relations.find((one) => one.relation === relation);
      return `${((found?.bytes ?? 0) / payments).toFixed(0)} in ${((found?.records ?? 0) / payments).toFixed(1)}`;
    }),
  ]);
}

function hotRow({ table, updates, hot }: TableUpdates): string[] {
  return [table, updates.toFixed(0), ((100 * hot) / updates).toFixed(0)];
}
