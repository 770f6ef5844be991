import type { Ground } from './ground.js';
import type { Program } from './server-process.js';

/** The very file that is shipped, seen from this one's folder. */
export const SERVICE = '../../../../dist/src/main.js';

/** The least that does the job, the service itself, and what a week's work from the tutorials comes to. */
export function contenders(ground: Ground, withNaive: boolean): Program[] {
  const floor = { name: 'floor', file: '../floor/main.js', environment: ground.environmentFor('floor') };
  const ours = {
    name: 'ours',
    file: SERVICE,
    // Only the door is measured here: what a worker does for a payment afterwards is measured by `bench:notify`.
    environment: { ...ground.environmentFor('ours'), ROLE: 'api' },
  };
  const naive = { name: 'naive', file: '../naive/main.js', environment: ground.environmentFor('naive') };
  return withNaive ? [floor, ours, naive] : [floor, ours];
}
