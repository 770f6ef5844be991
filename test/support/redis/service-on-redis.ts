import { Redis } from 'ioredis';
import { startTestService, type TestService } from '../service/test-service.js';
import { wholeScan } from '../service/whole-scan.js';
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

  /** Whether a job of this row was taken from Redis and finished, by Redis's own records. */
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

  wholeScan(name: string): Promise<{ scanId: string; paymentId: string }> {
    return wholeScan(this.test, name);
  }
}
