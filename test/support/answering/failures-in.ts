/** The error lines of a log, without alarms: those report a state that somebody has to look at. */
export function failuresIn(log: readonly string[]): string[] {
  return log.filter((line) => {
    const { level, alarm } = JSON.parse(line) as { level: string; alarm?: boolean }; // every line is one event
    return (level === 'error' || level === 'fatal') && alarm !== true;
  });
}
