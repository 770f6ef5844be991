import { readFile } from 'node:fs/promises';
import { ofProject } from '../../mpp/root.js';
import type { DrillGround } from '../ground/drill-ground.js';
import { entrySteps, followSteps } from '../runbook/entry-steps.js';
import { NightDesk, untilSo } from '../runbook/night-desk.js';
import { NIGHT_TROUBLES, type NightTrouble } from '../runbook/night-troubles.js';
import type { Fault } from './fault.js';

/** Troubles that do not end by themselves: each is mended by the commands of its runbook entry, to the letter. */
export const RUNBOOK_FAULTS: readonly Fault[] = NIGHT_TROUBLES.map((trouble) => ({
  group: 'runbook',
  name: `${trouble.entry}, by the runbook`,
  isBrief: true,
  run: (ground) => follow(trouble, ground),
}));

async function follow({ entry, arise, undo }: NightTrouble, ground: DrillGround): Promise<void> {
  const desk = new NightDesk(ground);
  let [steps, tookMs] = [0, 0];
  try {
    const todo = entrySteps(await readFile(ofProject('docs/runbook.md'), 'utf8'), entry);
    steps = todo.length;
    try {
      const { values, mended } = await arise(desk);
      const startedAt = performance.now();
      await followSteps(todo, { ...(await desk.shell()), ...values });
      for (const [what, isSo] of Object.entries(mended)) await untilSo(what, isSo);
      tookMs = performance.now() - startedAt;
    } finally {
      await undo(desk);
    }
    ground.followed.push({ entry, steps, tookMs });
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    ground.followed.push({ entry, steps, tookMs, failure });
  }
}
