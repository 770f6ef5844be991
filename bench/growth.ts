import 'reflect-metadata';
import { theService } from './compare/contenders.js';
import { groundOn, type Ground } from './compare/ground.js';
import { machineName } from './compare/machine.js';
import { PostgresWork } from './compare/postgres-work.js';
import { roundsOfTwo, WARM_UP } from './compare/rounds-of-two.js';
import { ServerProcess } from './compare/server-process.js';
import { goalsOf, type Grown } from './growth/grown.js';
import { grownDatabase, ordersIn } from './growth/grown-database.js';
import { readOptions } from './growth/options.js';
import { brief, turnOf, type Contender } from './growth/rounds.js';
import { tableOf } from './growth/table.js';
import { startSeededServer } from './seeded/seeded-server.js';

/**
 * The cost of a scan and a confirm in a database with millions of orders: `npm run bench:growth -- [--rounds 5]
 * [--scans 2000] [--connections 32] [--small 10000] [--large 5000000] [--json]`. The service runs once on each of two
 * databases of one server, and they take turns. The large one is made in out/bench-seeded at the first run, in up to an
 * hour, and used again.
 */
const options = await readOptions();
const say = options.json ? console.error : console.log;
const server = await startSeededServer(true, say);
const urls = {
  small: await grownDatabase(server, options.small, say),
  large: await grownDatabase(server, options.large, say),
};
const ground = await groundOn({ urls, stop: () => server.stop() });
const postgres = await PostgresWork.on(urls.small);
const started: ServerProcess[] = [];
try {
  const both = [await start('small'), await start('large')] as const;
  const machine = machineName(ground.databaseVersion);
  say(
    `${machine}\n${options.rounds} rounds of ${options.scans} scans at ${options.connections} connections\n`,
  );
  const [small, large] = await measured(ground, both);
  const goals = goalsOf(small, large);
  if (options.json) console.log(JSON.stringify({ machine, options, small, large, goals }));
  else console.log(`\n${tableOf(small, large, goals)}`);
} finally {
  for (const service of started) await service.stop();
  await postgres.close();
  await ground.stop();
}

async function start(name: 'small' | 'large'): Promise<Contender> {
  const service = await ServerProcess.start(theService(name, ground.environmentFor(name)), ground.logFolder);
  started.push(service);
  return { server: service, url: urls[name], orders: options[name] };
}

async function measured(
  on: Ground,
  both: readonly [small: Contender, large: Contender],
): Promise<[small: Grown, large: Grown]> {
  const before = await ordersOf(both);
  const [small, large] = await roundsOfTwo(both, options.rounds, async (contender, when) => {
    const scans = when === WARM_UP ? options.scans : Math.ceil(options.scans / 2);
    const turn = await turnOf(contender, on, postgres, { ...options, scans });
    say(`${when}  ${contender.server.name}  ${brief(turn)}`);
    return turn;
  });
  const after = await ordersOf(both);
  return [
    { ...small, ordersBefore: before[0], ordersAfter: after[0] },
    { ...large, ordersBefore: before[1], ordersAfter: after[1] },
  ];
}

async function ordersOf([small, large]: readonly [Contender, Contender]): Promise<[number, number]> {
  return [await ordersIn(small.url), await ordersIn(large.url)];
}
