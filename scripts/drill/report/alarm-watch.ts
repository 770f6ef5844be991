import { startPrometheus } from '../../observe/prometheus.js';
import type { FiredSince } from '../faults/injector.js';
import type { DrillGround } from '../ground/drill-ground.js';
import type { LogFolder } from '../ground/log-folder.js';
import type { Undo } from '../ground/undo.js';
import { raised } from './alarms.js';

/** Alarms are evaluated by a real Prometheus, as in production. */
export async function watchAlarms(
  { apiUrls, workers }: DrillGround,
  folder: LogFolder,
  undo: Undo,
): Promise<FiredSince> {
  const targets = [...apiUrls, ...workers.map(({ url }) => url)].map((url) => new URL(url).host);
  const prometheus = await startPrometheus(folder.directory, targets, folder.log('prometheus'));
  undo.add(() => prometheus.stop());
  const namesBetween = async (from: Date, to: Date): Promise<string[]> =>
    (await prometheus.firedBetween(from, to)).map(({ name }) => name);
  return async (began) =>
    raised({ before: await namesBetween(began, began), since: await namesBetween(began, new Date()) });
}
