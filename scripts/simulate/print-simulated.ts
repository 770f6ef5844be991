import type { Hunt } from './mutants/hunt.js';
import type { Simulated } from './simulation.js';

const MOST_LINES = 120;

interface Printing {
  readonly withHistory: boolean;
  readonly say: (line: string) => void;
}

/**
 * One line for each history; for a broken one also the guarantee, the events of the order, and the command to run it
 * again.
 */
export function printSimulated(simulated: Simulated, scans: number, { withHistory, say }: Printing): void {
  const { seed, steps, kills, virtualMs, violation, history } = simulated;
  if (withHistory) say(history.lines.join('\n'));
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const verdict = violation ? `BREAKS guarantee ${violation.guarantee}` : 'holds';
  say(`seed ${seed}: ${steps} steps, ${kills} kills, ${hours} h of virtual time: ${verdict}`);
  if (!violation) return;
  const lines = violation.about.length === 0 ? history.lines : history.about(violation.about);
  say(`\nguarantee ${violation.guarantee}: ${history.named(violation.what)}\n`);
  say(lines.slice(-MOST_LINES).join('\n'));
  say(`\nthe same again: npx mpp simulate --seed ${seed} --scans ${scans}\n`);
}

export function huntView({ mutant, histories, caught }: Hunt) {
  const { violation, seed, history } = caught ?? {};
  return {
    name: mutant.name,
    what: mutant.what,
    histories,
    isCaught: violation !== undefined,
    ...(violation && { seed, guarantee: violation.guarantee, how: history?.named(violation.what) }),
  };
}

/** One row of the table in docs/reliability.md. */
export function printHunt({ mutant, histories, caught, other }: Hunt, say: (line: string) => void): void {
  const how = caught?.violation
    ? `${caught.violation.guarantee} | ${caught.seed} | ${caught.history.named(caught.violation.what)}`
    : `NOT CAUGHT in ${histories} histories | | ${other?.violation?.message ?? ''}`;
  say(`| ${mutant.name} | ${mutant.what} | ${how} |`);
}
