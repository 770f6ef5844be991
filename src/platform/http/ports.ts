import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { SettingsError } from '../config/load-settings.js';
import { HttpSettings } from './http.settings.js';
import { isForBytes } from './input/json-bodies.js';
import { ownPortFault } from './listen-fault.js';
import { BACKLOG, createServerWithLimits } from './server/http-adapter.js';

/** `public` is the one of `PORT`, which is always there; the others have a setting each. */
export type Port = 'public' | 'signed' | 'management';
type OwnPort = Exclude<Port, 'public'>;

/** For monitoring; with a port of its own, callers of the API cannot reach them. */
const OF_MANAGEMENT = /^\/(metrics|docs|openapi\.json)(\/|$)/;
/** Probes may ask at any port. */
const OF_ALL = /^\/health(\/|$)/;

const CONSTRAINT = 'port';
/** A route at several ports names them all in one constraint. */
const BETWEEN = ' ';

/** What a figure may take is bounded well below it; a scraper that has gone silent must not hold the stop up. */
const LAST_FIGURES_MS = 2_000;

/** How a host that stands for every address is reached from this machine. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** What the settings of a port begin with. */
const PREFIXES: Readonly<Record<OwnPort, string>> = { signed: 'SIGNED_CALLS_', management: 'MANAGEMENT_' };

interface OwnAddress {
  /** Absent: there is no such port. */
  readonly port: number | undefined;
  /** Absent: that of `HOST`. */
  readonly host: string | undefined;
}

/** What decides at which ports a route is. */
interface Route {
  readonly url: string;
  readonly config?: object;
}

/** The addresses of ports that are set. */
export interface OwnUrls {
  readonly signedCallsUrl: string | undefined;
  readonly managementUrl: string | undefined;
}

/**
 * The ports beside that of `PORT`: `SIGNED_CALLS_PORT` for calls that prove themselves by a signature, so that their new
 * connections do not wait behind those of everybody else, and `MANAGEMENT_PORT` for figures and the description of the
 * API. All of them are one application with the same hooks and limits; its router knows by which of them a request came,
 * so that a path that a port does not have is an unknown path there.
 */
@Injectable()
export class Ports {
  private readonly arrived = new WeakMap<IncomingMessage, OwnPort>();
  private readonly servers = new Map<OwnPort, Server>();

  constructor(private readonly settings: HttpSettings) {}

  /** By which port the request came. */
  of(request: IncomingMessage): Port {
    return this.arrived.get(request) ?? 'public';
  }

  /** Whether a route may be asked for at the port by which the request came. */
  serves(route: Route, request: IncomingMessage): boolean {
    return this.portsOf(route)?.includes(this.of(request)) ?? true;
  }

  /** Gives each route its ports. Before any route is made. */
  separate(fastify: FastifyInstance): void {
    const { signedCallsPort, managementPort } = this.settings;
    if (signedCallsPort === undefined && managementPort === undefined) return;
    fastify.addConstraintStrategy({
      name: CONSTRAINT,
      storage: handlersByPort,
      deriveConstraint: (request: IncomingMessage) => this.of(request),
    });
    fastify.addHook('onRoute', (route) => {
      const ports = this.portsOf(route);
      if (ports !== undefined)
        route.constraints = { ...route.constraints, [CONSTRAINT]: ports.join(BETWEEN) };
    });
    // What is under way there needs the database as much as what came by the public port.
    fastify.addHook('onClose', () => this.close('signed'));
  }

  /**
   * Listens at all ports of this kind, and returns their addresses. After the application listens at `PORT`, so that a
   * process that the management port calls ready can be reached.
   *
   * @throws SettingsError when an address cannot be had
   */
  async listen(fastify: FastifyInstance): Promise<OwnUrls> {
    const { signedCallsPort, signedCallsHost, managementPort, managementHost } = this.settings;
    const signed = { port: signedCallsPort, host: signedCallsHost };
    const management = { port: managementPort, host: managementHost };
    return {
      signedCallsUrl: await this.listenAt('signed', signed, fastify),
      managementUrl: await this.listenAt('management', management, fastify),
    };
  }

  /** Cuts off whoever is still answered at the port for signed calls, as the stop does at the public one. */
  cutSignedCalls(): void {
    this.servers.get('signed')?.closeAllConnections();
  }

  /** The management port goes last, and ends answers that are under way soon, however slowly they are read. */
  async closeManagement(): Promise<void> {
    const cut = setTimeout(() => this.servers.get('management')?.closeAllConnections(), LAST_FIGURES_MS);
    await this.close('management');
    clearTimeout(cut);
  }

  private async listenAt(
    name: OwnPort,
    { port, host: ownHost }: OwnAddress,
    fastify: FastifyInstance,
  ): Promise<string | undefined> {
    if (port === undefined) return undefined;
    const server = createServerWithLimits(this.settings, (request, response) => {
      this.arrived.set(request, name);
      fastify.routing(request, response);
    });
    const { host } = this.settings;
    try {
      await once(server.listen({ port, host: ownHost ?? host, backlog: BACKLOG }), 'listening');
    } catch (error) {
      const fault = ownPortFault(error, { prefix: PREFIXES[name], port, ownHost, host });
      throw fault ? new SettingsError([fault], { cause: error }) : error;
    }
    this.servers.set(name, server);
    return urlOf(server);
  }

  private async close(name: OwnPort): Promise<void> {
    const server = this.servers.get(name);
    if (server?.listening === true) await new Promise((resolve) => server.close(resolve));
  }

  /** Undefined for a route that is served at all ports, and for all routes where there is only one. */
  private portsOf({ url, config = {} }: Route): readonly Port[] | undefined {
    const { signedCallsPort, managementPort } = this.settings;
    if (OF_ALL.test(url)) return undefined;
    if (managementPort !== undefined && OF_MANAGEMENT.test(url)) return ['management'];
    return signedCallsPort !== undefined && isForBytes(config) ? ['public', 'signed'] : ['public'];
  }
}

/** What the router keeps for one path and method. */
function handlersByPort<Handler>(): {
  get(ports: unknown): Handler | null;
  set(ports: unknown, handler: Handler): void;
} {
  const handlers = new Map<unknown, Handler>();
  return {
    get: (ports) => handlers.get(ports) ?? null,
    set: (ports, handler) => {
      for (const key of [ports, ...String(ports).split(BETWEEN)]) handlers.set(key, handler);
    },
  };
}

function urlOf(server: Server): string {
  // A server that listens on TCP has an address of this kind.
  const { address, port } = server.address() as AddressInfo;
  const host = REACHED_AT[address] ?? address;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
