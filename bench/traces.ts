import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCommandLine } from '../command-line/run-command.js';
import { theService } from './compare/contenders.js';
import { prepareGround } from './compare/ground.js';
import { confirmRound, scanRound, type Round } from './compare/load.js';
import { machineName } from './compare/machine.js';
import { roundsCommand } from './compare/round-options.js';
import { roundsOfTwo, type Turn } from './compare/rounds-of-two.js';
import { ServerProcess } from './compare/server-process.js';
import { median } from './statistics.js';

/**
 * The cost of traces for a scan and a confirm when one in a hundred is recorded, against none: `npm run bench:traces --
 * [--rounds 5] [--scans 2000] [--connections 32]`. Both services take turns on the same database, stand-in and load,
 * and spans are exported to a collector in this process, which is not measured.
 */
const { options } = await readCommandLine(
  roundsCommand('mpp bench traces', 'What traces cost when one in a hundred is recorded.'),
);
const collector = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
}).listen(0, '127.0.0.1');
const { port } = await new Promise<AddressInfo>((resolve) =>
  // It listens on TCP.
  collector.once('listening', () => resolve(collector.address() as AddressInfo)),
);
const TRACED = {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.01',
};
const say = options.json ? console.error : console.log;
const ground = await prepareGround();
const started: ServerProcess[] = [];
try {
  const plain = await start('off', {});
  const traced = await start('traced', TRACED);
  say(
    `${machineName(ground.databaseVersion)}\n${options.rounds} rounds of ${options.scans} scans at ${options.connections} connections\n`,
  );
  const [off, on] = await roundsOfTwo([plain, traced] as const, options.rounds, turnOf);
  if (options.json) console.log(JSON.stringify({ options, off, on }));
  for (const work of options.json ? [] : (['scan', 'confirm'] as const)) {
    const ratios = on[work].map(({ cpuMs }, at) => cpuMs / (off[work][at]?.cpuMs ?? Number.NaN));
    const shown = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
    console.log(
      `${work}: ${median(off[work].map(({ cpuMs }) => cpuMs)).toFixed(3)} ms CPU off, ` +
        `${median(on[work].map(({ cpuMs }) => cpuMs)).toFixed(3)} ms at 1 %; by round ${shown}, median ${median(ratios).toFixed(3)}`,
    );
  }
} finally {
  for (const service of started) await service.stop();
  await ground.stop();
  collector.closeAllConnections();
  collector.close();
}

async function start(name: string, environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const program = theService(name, { ...ground.environmentFor('ours'), ...environment });
  const service = await ServerProcess.start(program, ground.logFolder);
  started.push(service);
  return service;
}

async function turnOf(server: ServerProcess, when: string): Promise<Turn<Round>> {
  const { standIn, token } = ground;
  const { scans, connections } = options;
  await standIn.prepare(scans);
  const { payments, ...scan } = await scanRound({ servers: [server], token, requests: scans, connections });
  const confirm = await confirmRound({ servers: [server], token, connections }, payments);
  say(
    `${when}  ${server.name.padEnd(4)} ${scan.cpuMs.toFixed(3)} ms CPU, ${confirm.cpuMs.toFixed(3)} ms CPU`,
  );
  return { scan, confirm };
}
