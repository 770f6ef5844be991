/** Sections of the help and of docs/operations.md, in their order. */
export const SECTIONS = {
  run: 'Run it',
  look: 'Look at payments',
  operate: 'Operate it',
  ledger: 'The wallet ledger',
  try: 'Try it out, in a source tree',
  measure: 'Measure it, in a source tree',
} as const;

export interface MppCommand {
  /** One word, or two where the second one chooses among several programs. */
  readonly name: string;
  /** The compiled program, relative to the root of the tree. */
  readonly program: string;
  readonly about: string;
  readonly section: keyof typeof SECTIONS;
  /**
   * True for programs that an operator needs beside the service; test/deployment.spec.ts compares it with the
   * Dockerfile.
   */
  readonly isInImage?: true;
  /** The npm script of the same program, where its name is not `name` with a colon. */
  readonly script?: string;
  /** Runs in a process of its own with these flags of Node.js. */
  readonly nodeFlags?: readonly string[];
}

type Row = Omit<MppCommand, 'program' | 'section'> & { readonly program?: string };

/** All programs. Help, completion, docs/operations.md and the tests follow from this list. */
export const COMMANDS: readonly MppCommand[] = [
  ...section('run', [
    {
      name: 'start',
      program: 'dist/src/main.js',
      about: 'the service, until SIGTERM or Ctrl-C',
      isInImage: true,
    },
    { name: 'demo', about: 'four scans through the whole service, on throwaway parts of its own' },
    { name: 'twin', program: 'dist/twin/main.js', about: 'the local Alipay+ alone' },
  ]),
  ...section('look', [
    { name: 'find', about: 'payments by any id, merchant or customer', isInImage: true },
    {
      name: 'explain',
      about: 'where a payment stands, why, what comes next, what may be done',
      isInImage: true,
    },
    { name: 'refund', about: 'where a refund stands and what is done about it', isInImage: true },
  ]),
  ...section('operate', [
    { name: 'doctor', about: 'looks at the whole set-up, or at one signature', isInImage: true },
    { name: 'migrate', about: 'brings a database to the newest schema', isInImage: true },
    { name: 'keys', about: 'makes, lists, ends and revokes API keys', isInImage: true },
    { name: 'data-keys', about: 'the keys that personal data is encrypted with', isInImage: true },
    {
      name: 'erase-customer',
      about: 'erases what is kept of one customer besides the money',
      isInImage: true,
    },
    { name: 'rotate-keys', about: 'rehearses that our RSA keys change without a restart', isInImage: true },
    { name: 'redeliver', about: 'resends results that were not acknowledged', isInImage: true },
    {
      name: 'verify-history',
      about: 'whether the chained history was changed, cut or added to',
      isInImage: true,
    },
    { name: 'repair', about: "after lost commits: our records against the ledger's", isInImage: true },
    {
      name: 'reconcile-check',
      about: "our books of a window against Alipay+'s and the ledger's",
      isInImage: true,
    },
  ]),
  ...section('ledger', [
    { name: 'ledger', about: 'customers and money of the embedded ledger', isInImage: true },
    {
      name: 'certify-ledger',
      about: 'whether a wallet ledger keeps the contract of docs/wallet-ledger.md',
      isInImage: true,
    },
    { name: 'serve-embedded-ledger', about: 'the embedded ledger over HTTP, by that contract' },
  ]),
  ...section('try', [
    { name: 'simulate', about: 'the whole service in simulated time against its guarantees' },
    {
      name: 'events listen',
      program: 'dist/scripts/events-listen.js',
      about: "prints events to the wallet's back end",
    },
    { name: 'fuzz', about: 'tampered answers of Alipay+ against an independent reading' },
    { name: 'drill', about: 'faults on real processes while payers keep coming' },
    { name: 'seed-operations', about: 'an empty database filled as in life', script: 'seed:operations' },
  ]),
  ...section('measure', [
    { name: 'bench', program: bench('compare'), about: 'the service beside a floor and a naive peer' },
    ...[
      { name: 'bench growth', about: 'a scan and a confirm beside millions of orders' },
      { name: 'bench processes', about: 'two API processes against one' },
      { name: 'bench long-poll', about: 'apps that wait for the end of their scans' },
      {
        name: 'bench notify',
        about: 'what one worker does with results that are due',
        nodeFlags: ['--expose-gc'],
      },
      { name: 'bench backlog', about: 'what a backlog of scans does to new ones' },
      { name: 'bench writes', about: 'what one whole payment writes, for every table and index' },
      { name: 'bench soak', about: 'memory, latency and every table over time' },
      { name: 'bench operations', about: "operators' searches over many payments" },
      { name: 'bench outgoing', about: 'what carries an outgoing call, and its price' },
      { name: 'bench wire', about: 'reading one answer, against one signature' },
      { name: 'bench traces', about: 'what traces cost when one in a hundred is recorded' },
      { name: 'bench flood', about: 'what a signed inquiry waits while far too many apps scan' },
    ].map((row) => ({ ...row, program: bench(row.name.replace('bench ', '')) })),
  ]),
];

function section(name: keyof typeof SECTIONS, rows: readonly Row[]): MppCommand[] {
  return rows.map((row) => ({ section: name, program: `dist/scripts/${row.name}.js`, ...row }));
}

function bench(name: string): string {
  return `out/bench/bench/${name}.js`;
}

/** Whether importing the program runs nothing; the service, the twin and the benchmarks start when imported. */
export function canBeImported({ program }: MppCommand): boolean {
  return program.startsWith('dist/scripts/');
}

export function scriptOf({ name, script = name.replace(' ', ':') }: MppCommand): string {
  return script;
}
