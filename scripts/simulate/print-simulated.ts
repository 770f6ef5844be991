import type { Hunt } from './mutants/hunt.js';
import type { Simulated } from './simulation.js';

const MOST_LINES = 120;

/** One line for each history; for a broken one also the guarantee, what happened to the order, and how to see it again. */
export function printSimulated(simulated: Simulated, scans: number, withHistory: boolean): void {
  const { seed, steps, kills, virtualMs, violation, history } = simulated;
  if (withHistory) console.log(history.lines.join('\n'));
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const verdict = violation ? `BREAKS guarantee ${violation.guarantee}` : 'holds';
  console.log(`seed ${seed}: ${steps} steps, ${kills} kills, ${hours} h of virtual time: ${verdict}`);
  if (!violation) return;
  const lines = violation.about.length === 0 ? history.lines : history.about(violation.about);
  console.log(`\nguarantee ${violation.guarantee}: ${history.named(violation.what)}\n`);
  console.log(lines.slice(-MOST_LINES).join('\n'));
  console.log(`\nthe same again: npm run simulate -- --seed ${seed} --scans ${scans}\n`);
}

/** One row of the table in docs/reliability.md. */
export function printHunt({ mutant, histories, caught, other }: Hunt): void {
  const how = caught?.violation
    ? `${caught.violation.guarantee} | ${caught.seed} | ${caught.history.named(caught.violation.what)}`
    : `NOT CAUGHT in ${histories} histories | | ${other?.violation?.message ?? ''}`;
  console.log(`| ${mutant.name} | ${mutant.what} | ${how} |`);
}
