/** The lines of a log that tell of an error, alarms left out: those announce a state somebody has to look at. */
export function failuresIn(log: readonly string[]): string[] {
  return log.filter((line) => {
    const { level, alarm } = JSON.parse(line) as { level: string; alarm?: boolean }; // every line is one event
    return (level === 'error' || level === 'fatal') && alarm !== true;
  });
}
