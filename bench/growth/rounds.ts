import { confirmRound, scanRound, type Round } from '../compare/load.js';
import type { Ground } from '../compare/ground.js';
import type { PostgresWork, Worked } from '../compare/postgres-work.js';
import type { Turn } from '../compare/rounds-of-two.js';
import type { ServerProcess } from '../compare/server-process.js';
import type { GrowthRound } from './grown.js';
import { likelyScans } from './likely-scans.js';
import type { GrowthOptions } from './options.js';

/** A service on its database. */
export interface Contender {
  readonly server: ServerProcess;
  readonly url: string;
  readonly orders: number;
}

/** Scans that are likely for this database, and the confirms of all of them. */
export async function turnOf(
  { server, url, orders }: Contender,
  { standIn, token }: Ground,
  postgres: PostgresWork,
  { scans, connections }: Pick<GrowthOptions, 'scans' | 'connections'>,
): Promise<Turn<GrowthRound>> {
  const likely = await likelyScans(url, orders, scans);
  await standIn.prepareScripts(likely.scripts);
  const load = { servers: [server], token, connections };
  const scanned = await postgres.betweenCheckpoints(() =>
    scanRound({ ...load, requests: scans, payers: likely.payers }),
  );
  const { payments, ...scan } = scanned.result;
  const confirmed = await postgres.betweenCheckpoints(() => confirmRound(load, payments));
  return { scan: weighed(scan, scanned), confirm: weighed(confirmed.result, confirmed) };
}

function weighed(round: Round, { cpuMs, checkpointMs, walBytes }: Worked<unknown>): GrowthRound {
  const databaseMs = cpuMs / round.requests;
  return {
    ...round,
    databaseMs,
    costMs: round.cpuMs + databaseMs,
    costWithCheckpointMs: round.cpuMs + databaseMs + checkpointMs / round.requests,
    walKb: walBytes / round.requests / 1_024,
  };
}

export function brief({ scan, confirm }: Turn<GrowthRound>): string {
  return [scan, confirm]
    .map(
      ({ perSecond, cpuMs, databaseMs, p99Ms, walKb }) =>
        `${perSecond.toFixed(0).padStart(5)}/s ${cpuMs.toFixed(2)} + ${databaseMs.toFixed(2)} ms CPU, ` +
        `p99 ${p99Ms.toFixed(0).padStart(3)} ms, WAL ${walKb.toFixed(0)} KB`,
    )
    .join('   ');
}
