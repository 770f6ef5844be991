import 'reflect-metadata';
import { machineName } from './compare/machine.js';
import { backlogTable, measureBacklog } from './notify/backlog.js';
import { prepareGround, type Ground } from './notify/ground.js';
import { measureMemory, memoryTable } from './notify/memory.js';
import { readOptions, type NotifyOptions } from './notify/options.js';
import { measureSpeed, speedTable } from './notify/speed.js';

/**
 * How one worker delivers due results: `npm run bench:notify -- [speed|memory|backlog] [--rounds 7]
 * [--count N] [--json] [--cpu-prof]`.
 */
const options = await readOptions();
const ground = await prepareGround();
try {
  const machine = machineName(ground.databaseVersion);
  options.say(machine);
  const { found, table } = await measured(ground, options);
  console.log(options.json ? JSON.stringify({ machine, ...found }) : table);
} finally {
  await ground.stop();
}

async function measured(on: Ground, how: NotifyOptions): Promise<{ found: object; table: string }> {
  if (how.what === 'memory') {
    const found = await measureMemory(on, how);
    return { found, table: memoryTable(found) };
  }
  if (how.what === 'backlog') {
    const found = await measureBacklog(on, how);
    return { found, table: backlogTable(found) };
  }
  const found = await measureSpeed(on, how);
  return { found, table: speedTable(found) };
}
