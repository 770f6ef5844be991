import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time as Linux tells it in /proc, in milliseconds since the start of the process or of the machine. It is
 * counted in ticks of ten, so only what many requests took together means something.
 */
const TICK_MS = 10;

/** All threads of one process. */
export function processMs(pid: number): number {
  const { ownTicks } = statOf(pid);
  return ownTicks * TICK_MS;
}

/**
 * A process and all that descends from it, also what has ended: a parent keeps the time of the children it has waited
 * for. Of those that run, the scheduler tells the time to the nanosecond, of their first thread only; this is for
 * PostgreSQL, whose processes have no other.
 */
export function treeMs(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const isOfTree = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isOfTree(parents.get(pid)));
  const tree = [...parents.keys()].filter(isOfTree);
  return tree.reduce((sum, pid) => sum + exactMs(pid), 0);
}

/** All processors together. */
export function machineMs(): { readonly busy: number; readonly idle: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // Whatever a guest uses is in `user` already.
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, stolen = 0] = line
    .split(/ +/)
    .slice(1)
    .map(Number);
  return {
    busy: (user + nice + system + irq + softIrq + stolen) * TICK_MS,
    idle: (idle + waiting) * TICK_MS,
  };
}

export function parentOf(pid: number): number | undefined {
  try {
    return statOf(pid).parent;
  } catch {
    return undefined; // it has ended
  }
}

function exactMs(pid: number): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6 + statOf(pid).endedTicks * TICK_MS;
  } catch {
    return 0; // it has ended, and its parent tells of it
  }
}

interface Stat {
  readonly parent: number;
  readonly ownTicks: number;
  /** Of its children that have ended. */
  readonly endedTicks: number;
}

/** The fields after the program's name, which stands in brackets and may hold anything. */
function statOf(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
    (at) => fields[at],
  );
  return { parent, ownTicks: user + system, endedTicks: endedUser + endedSystem };
}
