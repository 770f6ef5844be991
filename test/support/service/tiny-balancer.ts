import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOK_MS = 50;

/** Stands before several services as a balancer does: it asks for readiness, shares requests out, and repeats none. */
export class TinyBalancer {
  /** Requests of which no whole answer came back. */
  readonly failures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly targets = new Set<string>();
  private ready: readonly string[] = [];
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  private constructor(private readonly server: Server) {
    server.on('request', (from: IncomingMessage, to: ServerResponse) => this.pass(from, to));
  }

  static async start(): Promise<TinyBalancer> {
    const server = createServer();
    const balancer = new TinyBalancer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo; // it listens on a port
    return `http://127.0.0.1:${port}`;
  }

  /** Those that are ready now. */
  get inRotation(): readonly string[] {
    return this.ready;
  }

  add(url: string): void {
    this.targets.add(url);
    this.timer ??= setInterval(() => void this.look(), LOOK_MS);
  }

  remove(url: string): void {
    this.targets.delete(url);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** One at a time: an older look must not overrule a newer one. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const looks = [...this.targets].map(async (url) => {
      const isReady = await fetch(`${url}/health/ready`).then(
        async (answer) => answer.ok && (await answer.text()) !== '',
        () => false,
      );
      return isReady ? [url] : [];
    });
    this.ready = (await Promise.all(looks)).flat();
    this.isLooking = false;
  }

  private pass(from: IncomingMessage, to: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = from;
    const target = this.ready[(this.turn += 1) % this.ready.length];
    const fail = (why: string): void => {
      this.failures.push(`${method} ${url}: ${why}`);
      if (!to.headersSent) to.writeHead(502);
      to.end();
    };
    if (target === undefined) return fail('nobody is ready');
    const passed = request(new URL(url, target), { method, headers, agent: this.agent }, (answer) => {
      const { statusCode = 502 } = answer;
      if (statusCode >= 500) this.failures.push(`${method} ${url}: ${statusCode}`);
      to.writeHead(statusCode, answer.headers);
      answer.on('error', (error) => fail(error.message));
      answer.pipe(to);
    });
    passed.on('error', (error) => fail(error.message));
    from.pipe(passed);
  }
}
