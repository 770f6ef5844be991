import type { DrillGround } from '../ground/drill-ground.js';
import type { Fault } from './fault.js';

/** Keys that change during payments. The other side knows both versions, as a rotation requires. */
export const KEY_FAULTS: readonly Fault[] = [
  {
    group: 'keys',
    name: 'Alipay+ signs with its other key',
    isBrief: true,
    run: async ({ twin, keys }) => {
      keys.alipayPlus = keys.alipayPlus === '1' ? '2' : '1';
      await twin.behave({ keyVersion: keys.alipayPlus });
      // For the twin that will be started after this one.
      twin.program.change({ TWIN_KEY_VERSION: keys.alipayPlus });
    },
  },
  {
    group: 'keys',
    name: 'we sign with our other key',
    isPlanned: true,
    run: rotateOurs,
  },
];

/** One process after the other is stopped in order and started with the other key, as a release would do it. */
async function rotateOurs({ apis, workers, keys }: DrillGround): Promise<void> {
  keys.turnOurs();
  for (const program of [...apis, ...workers]) {
    await program.end('SIGTERM');
    await program.start();
  }
}
