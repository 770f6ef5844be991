import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { HttpSettings } from './http.settings.js';
import { createServerWithLimits } from './server/http-adapter.js';

/** For monitoring; with a port of its own, callers of the API cannot reach them. */
const OF_MANAGEMENT = /^\/(metrics|docs|openapi\.json)(\/|$)/;
/** Probes may ask at either port. */
const OF_BOTH = /^\/health(\/|$)/;

const CONSTRAINT = 'port';
const PORTS = ['public', 'management'] as const;
type Port = (typeof PORTS)[number];

/** What a figure may take is bounded well below it; a scraper that has gone silent must not hold the stop up. */
const LAST_ANSWERS_MS = 2_000;

/** How a host that stands for every address is reached from this machine. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * The port for figures and the description of the API, where `MANAGEMENT_PORT` is set. Both ports are one application
 * with the same hooks and limits; its router knows by which of them a request came, so that a path of the other one is
 * an unknown path.
 */
@Injectable()
export class ManagementPort {
  private readonly arrived = new WeakSet<IncomingMessage>();
  private server: Server | undefined;

  constructor(private readonly settings: HttpSettings) {}

  /** Whether the request came by this port; never, where there is none. */
  has(request: IncomingMessage): boolean {
    return this.arrived.has(request);
  }

  /** Whether a route may be asked for at the port by which the request came. */
  serves(route: string, request: IncomingMessage): boolean {
    const port = this.portOf(route);
    return port === undefined || port === this.cameBy(request);
  }

  /** Gives each route its port. Before any route is made. */
  separate(fastify: FastifyInstance): void {
    if (this.settings.managementPort === undefined) return;
    fastify.addConstraintStrategy({
      name: CONSTRAINT,
      storage: handlersByPort,
      deriveConstraint: (request: IncomingMessage) => this.cameBy(request),
    });
    fastify.addHook('onRoute', (route) => {
      const port = this.portOf(route.url);
      if (port !== undefined) route.constraints = { ...route.constraints, [CONSTRAINT]: port };
    });
  }

  /**
   * Listens, and returns the address; undefined where no port is set. After the application is ready.
   *
   * @throws what the operating system says of the address
   */
  async listen(fastify: FastifyInstance): Promise<string | undefined> {
    const { managementPort: port, managementHost, host } = this.settings;
    if (port === undefined) return undefined;
    const server = createServerWithLimits(this.settings, (request, response) => {
      this.arrived.add(request);
      fastify.routing(request, response);
    });
    await once(server.listen(port, managementHost ?? host), 'listening');
    this.server = server;
    return urlOf(server);
  }

  /** Ends answers that are under way soon, however slowly they are read. */
  async close(): Promise<void> {
    const { server } = this;
    if (server?.listening !== true) return;
    const cut = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(cut);
  }

  private cameBy(request: IncomingMessage): Port {
    return this.has(request) ? 'management' : 'public';
  }

  /** Undefined for a route that is served on both ports, and for all routes where there is only one. */
  private portOf(route: string): Port | undefined {
    if (this.settings.managementPort === undefined || OF_BOTH.test(route)) return undefined;
    return OF_MANAGEMENT.test(route) ? 'management' : 'public';
  }
}

/** What the router keeps for one path and method. */
function handlersByPort<Handler>(): {
  get(port: unknown): Handler | null;
  set(port: unknown, handler: Handler): void;
} {
  const handlers = new Map<unknown, Handler>();
  return {
    get: (port) => handlers.get(port) ?? null,
    set: (port, handler) => void handlers.set(port, handler),
  };
}

function urlOf(server: Server): string {
  // A server that listens on TCP has an address of this kind.
  const { address, port } = server.address() as AddressInfo;
  const host = REACHED_AT[address] ?? address;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
