import 'reflect-metadata';
import { theService } from './compare/contenders.js';
import { groundOn, type Ground } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { PostgresWork } from './compare/postgres-work.js';
import { ServerProcess } from './compare/server-process.js';
import { inTurns } from './compare/turns.js';
import { goalsOf, type Grown } from './growth/grown.js';
import { grownDatabase, ordersIn } from './growth/grown-database.js';
import { readOptions } from './growth/options.js';
import { brief, turnOf, type Contender } from './growth/rounds.js';
import { tableOf } from './growth/table.js';
import { startSeededServer } from './seeded/seeded-server.js';

/**
 * What a scan and a confirm cost when millions of orders are there already: `npm run bench:growth -- [--rounds 7]
 * [--scans 2000] [--connections 32] [--small 10000] [--large 5000000] [--json]`. The service runs once on each of two
 * databases of one server, and they take turns. The large one is made in out/bench-seeded at the first run, in half an
 * hour, and used again.
 */
const options = readOptions();
const say = options.json ? console.error : console.log;
const server = await startSeededServer(true, say);
const urls = {
  small: await grownDatabase(server, options.small, say),
  large: await grownDatabase(server, options.large, say),
};
const ground = await groundOn({ urls, stop: () => server.stop() });
const postgres = await PostgresWork.on(urls.small);
const contenders: Contender[] = [];
try {
  for (const name of ['small', 'large'] as const) {
    const program = theService(name, ground.environmentFor(name));
    const started = await ServerProcess.start(program, ground.logFolder);
    contenders.push({ server: started, url: urls[name], orders: options[name] });
  }
  const machine = machineName(ground.databaseVersion);
  say(
    `${machine}\n${options.rounds} rounds of ${options.scans} scans at ${options.connections} connections\n`,
  );
  const [small, large] = await measured(ground, contenders);
  if (!small || !large) throw new Error('two databases are needed');
  const goals = goalsOf(small, large);
  if (options.json) console.log(JSON.stringify({ machine, options, small, large, goals }));
  else console.log(`\n${tableOf(small, large, goals)}`);
} finally {
  for (const contender of contenders) await contender.server.stop();
  await postgres.close();
  await ground.stop();
}

async function measured(on: Ground, both: readonly Contender[]): Promise<Grown[]> {
  const countAll = () => Promise.all(both.map(({ url }) => ordersIn(url)));
  const before = await countAll();
  const turns = await inTurns(both, options.rounds, async (contender, when) => {
    const turn = await turnOf(contender, on, postgres, options);
    say(`${when}  ${contender.server.name}  ${brief(turn)}`);
    return turn;
  });
  const after = await countAll();
  return both.map(({ server }, at) => ({
    name: server.name,
    ordersBefore: before[at] ?? Number.NaN,
    ordersAfter: after[at] ?? Number.NaN,
    scan: turns[at]?.map(({ scan }) => scan) ?? [],
    confirm: turns[at]?.map(({ confirm }) => confirm) ?? [],
  }));
}
