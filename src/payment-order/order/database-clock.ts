/**
 * The database's clock, carried on from the last time it was read by how long ago that was here. Deadlines are held
 * against this one, because the clocks of our machines may differ from it and from each other.
 */
export class DatabaseClock {
  private readonly readHereMs = performance.now();

  constructor(private readonly readAt: Date) {}

  now(): Date {
    return new Date(this.readAt.getTime() + performance.now() - this.readHereMs);
  }

  hasPassed(deadline: Date): boolean {
    return this.now().getTime() >= deadline.getTime();
  }
}

/** ISO 8601 with offset and without a fraction, as the network writes its times: `2026-03-01T12:00:00+00:00`. */
export function isoWithOffset(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
