import type { Ground } from './ground.js';
import type { Program } from './server-process.js';

/** The least that does the job, the service itself, and what a week's work from the tutorials comes to. */
export function contenders(ground: Ground, withNaive: boolean): Program[] {
  const floor = { name: 'floor', file: '../floor/main.js', environment: ground.environmentFor('floor') };
  const ours = theService('ours', ground.environmentFor('ours'));
  const naive = { name: 'naive', file: '../naive/main.js', environment: ground.environmentFor('naive') };
  return withNaive ? [floor, ours, naive] : [floor, ours];
}

/** The very files that are shipped. A door alone, where what a worker does for a payment afterwards is not measured. */
export function theService(
  name: string,
  environment: Readonly<Record<string, string>>,
  role: 'all' | 'api' | 'worker' = 'api',
): Program {
  return { name, file: '../../../../dist/src/main.js', environment: { ...environment, ROLE: role } };
}
