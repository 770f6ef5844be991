/**
 * Loaded into every server under test with `--import`: tells the CPU time and the memory of the whole process, thread
 * pool included, when the bench asks over IPC. The server itself knows nothing of being measured.
 */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send?.({ cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakMemoryMb: maxRSS / 1_024 });
});
// Whoever measures is gone, perhaps killed: nothing may be left behind.
process.on('disconnect', () => process.exit(1));
// A listener keeps the channel, and the channel the process: a server that has stopped would never end.
process.channel?.unref();
