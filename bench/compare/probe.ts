import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector/promises';

/**
 * Loaded into every server under test with `--import`: tells the CPU time and the memory of the whole process, thread
 * pool included, when the bench asks over IPC, and profiles itself. The server knows nothing of being measured.
 */
export type Question = 'usage' | 'profile' | { readonly profileInto: string };

let session: Session | undefined;

process.on('message', (question: Question) => {
  void answerTo(question).then((answer) => answer !== undefined && process.send?.(answer));
});
// The measuring process is gone, perhaps killed: nothing may be left behind.
process.on('disconnect', () => process.exit(1));
// A listener keeps the channel, and the channel the process: a server that has stopped would never end.
process.channel?.unref();

async function answerTo(question: Question): Promise<unknown> {
  if (question === 'usage') {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    return {
      cpuMs: (userCPUTime + systemCPUTime) / 1_000,
      peakMemoryMb: maxRSS / 1_024,
      memoryMb: process.memoryUsage.rss() / 2 ** 20,
      heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    };
  }
  if (question === 'profile') {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return 'started';
  }
  // The stand-in is asked things of its own, which are not ours to answer.
  if (typeof question !== 'object' || !('profileInto' in question) || !session) return undefined;
  const { profile }: { profile: Profiler.Profile } = await session.post('Profiler.stop');
  writeFileSync(question.profileInto, JSON.stringify(profile));
  session.disconnect();
  return 'written';
}
