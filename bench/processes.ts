import 'reflect-metadata';
import { readCommandLine } from '../command-line/run-command.js';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { confirmRound, scanRound } from './compare/load.js';
import { machineName } from './compare/machine.js';
import { PostgresWork } from './compare/postgres-work.js';
import { roundsCommand } from './compare/round-options.js';
import { roundsOfTwo, WARM_UP, type Turn } from './compare/rounds-of-two.js';
import { ServerProcess } from './compare/server-process.js';
import { withShares, type SharedRound } from './processes/machine-shares.js';
import { tableOf, type Team } from './processes/table.js';

/**
 * One API process against two on the same database: `npm run bench:processes -- [--rounds 5] [--scans 2000]
 * [--connections 32] [--json]`. Both get the same requests over as many connections, two of them half each, and have as
 * many connections to PostgreSQL. They take turns.
 */
const POOL_SIZE = 20;

interface Servers {
  readonly name: string;
  readonly servers: readonly ServerProcess[];
}

const command = roundsCommand('mpp bench processes', 'One API process against two on the same database.');
const { options } = await readCommandLine(command);
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
const settings = ground.environmentFor('ours');
const postgres = await PostgresWork.on(settings['DATABASE_URL'] ?? '');
const started: ServerProcess[] = [];
try {
  const teams = [
    { name: 'one process', servers: await start(['alone'], POOL_SIZE) },
    { name: 'two processes', servers: await start(['first', 'second'], POOL_SIZE / 2) },
  ] as const;
  const machine = machineName(ground.databaseVersion);
  say(
    `${machine}\n${options.rounds} rounds of ${options.scans} scans at ${options.connections} connections\n`,
  );
  const [one, two] = await measured(teams);
  if (options.json) console.log(JSON.stringify({ machine, options, one, two }));
  else console.log(`\n${tableOf(one, two)}`);
} finally {
  for (const server of started) await server.stop();
  await postgres.close();
  await ground.stop();
}

async function start(names: readonly string[], poolSize: number): Promise<ServerProcess[]> {
  const servers: ServerProcess[] = [];
  for (const name of names) {
    const program = theService(name, { ...settings, DATABASE_POOL_SIZE: String(poolSize) });
    const server = await ServerProcess.start(program, ground.logFolder);
    started.push(server);
    servers.push(server);
  }
  return servers;
}

async function measured(teams: readonly [one: Servers, two: Servers]): Promise<[one: Team, two: Team]> {
  const half = Math.ceil(options.scans / 2);
  const [one, two] = await roundsOfTwo(teams, options.rounds, async ({ name, servers }, when) => {
    // Each process warms up with as many requests, however many share the load later.
    const turn = await turnOf(servers, when === WARM_UP ? options.scans * servers.length : half);
    say(`${when}  ${name.padEnd(13)}  ${brief(turn.scan)}   ${brief(turn.confirm)}`);
    return turn;
  });
  return [
    { name: teams[0].name, ...one },
    { name: teams[1].name, ...two },
  ];
}

async function turnOf(servers: readonly ServerProcess[], scans: number): Promise<Turn<SharedRound>> {
  const load = { servers, token: ground.token, connections: options.connections };
  await ground.standIn.prepare(scans);
  const { payments, ...scan } = await withShares(ground, postgres, () =>
    scanRound({ ...load, requests: scans }),
  );
  const confirm = await withShares(ground, postgres, () => confirmRound(load, payments));
  return { scan, confirm };
}

function brief({ perSecond, cpuMs, p99Ms, idle }: SharedRound): string {
  const share = (idle * 100).toFixed(0).padStart(2);
  return `${perSecond.toFixed(0).padStart(5)}/s ${cpuMs.toFixed(2)} ms CPU, p99 ${p99Ms.toFixed(0).padStart(3)} ms, ${share} % idle`;
}
