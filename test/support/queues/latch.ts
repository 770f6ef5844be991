import { DONE, type WorkDone } from '../../../src/platform/queues/work.js';

/** Work that waits until it is opened. */
export function latch(): { opened: Promise<WorkDone>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<WorkDone>((resolve) => (open = () => resolve(DONE)));
  return { opened, open: () => open() };
}
