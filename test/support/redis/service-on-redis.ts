import { Redis } from 'ioredis';
import { startTestService, type TestService } from '../service/test-service.js';
import { until } from '../service/until.js';
import { startPrivateRedis, type PrivateRedis } from '../../../scripts/drill/programs/private-redis.js';

/** The real service with its queues in a Redis of its own. */
export class ServiceOnRedis {
  static async start(environment: Record<string, string> = {}, isThere = true): Promise<ServiceOnRedis> {
    const redis = await startPrivateRedis();
    if (!redis) throw new Error('redis-server is not installed');
    if (!isThere) await redis.kill();
    try {
      const test = await startTestService({ environment: { REDIS_URL: redis.url, ...environment } });
      return new ServiceOnRedis(redis, test);
    } catch (error) {
      await redis.stop();
      throw error;
    }
  }

  private constructor(
    readonly redis: PrivateRedis,
    readonly test: TestService,
  ) {}

  async stop(): Promise<void> {
    await this.test.stop();
    await this.redis.stop();
  }

  /** Over a connection of its own. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.redis.url);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** Whether a job of this row was taken from Redis and finished, by what Redis itself wrote down. */
  async ranThroughRedis(work: string, id: string): Promise<boolean> {
    const stream = `${this.test.environment['QUEUE_PREFIX'] ?? ''}:${work}:events`;
    const events = await this.ask((client) => client.xrange(stream, '-', '+'));
    return events.some(
      ([, fields]) =>
        fields.includes('completed') && fields.some((field) => field.startsWith(`${work}-${id}`)),
    );
  }

  lines(event: string): string[] {
    return this.test.log.filter((line) => line.includes(`"event":"${event}"`));
  }

  async readiness(): Promise<{ status: number; body: { status: string; checks: Record<string, string> } }> {
    const response = await fetch(`${this.test.url}/health/ready`);
    // The body is the report of readiness; the tests say what they expect of it.
    return { status: response.status, body: (await response.json()) as never };
  }

  /** A whole scan, unknown twice, paid, and its notification unknown once: from the app to the acknowledgement. */
  async wholeScan(name: string): Promise<{ scanId: string; paymentId: string }> {
    const { app, books } = this.test;
    const code = `twin:U,U,S;notify=U,S#${name}`;
    const scanned = await app.scan(code);
    const decoded = await until('it is decoded', async () => {
      const answer = await app.readScan(scanned.body.scanId, 1_000);
      return answer.body.status === 'DECODED' && answer.body;
    });
    const paid = await app.confirm(decoded.payment);
    if (paid.body.status !== 'PAID') throw new Error(`not paid: ${paid.text}`);
    await until('it is acknowledged', async () => (await books.order(code)).acknowledged === true, 30_000);
    expect(await books.order(code)).toMatchObject({ calls: 3, maxInFlight: 1, notificationCount: 2 });
    return { scanId: scanned.body.scanId, paymentId: decoded.payment.paymentId };
  }
}
