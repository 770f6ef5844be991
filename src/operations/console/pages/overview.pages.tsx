import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { Readiness } from '../../../platform/health/readiness.js';
import { SummaryService } from '../../summary/summary.service.js';
import { concernsOf } from '../figures/concerns.js';
import { ERROR_KINDS, ErrorFigures } from '../figures/error-figures.js';
import { LiveFigures } from '../figures/live-figures.js';
import { ErrorsBehind } from '../parts/error-list.js';
import { Overview, verdictText } from '../parts/overview.js';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';

interface ErrorsRoute {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

/** The first page: whether all is well, and where to look when it is not. */
@Injectable()
export class OverviewPages implements ConsolePages {
  constructor(
    private readonly figures: LiveFigures,
    private readonly summaries: SummaryService,
    private readonly errors: ErrorFigures,
    private readonly readiness: Readiness,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/', (_request, reply) => reply.redirect('/console/overview', 303));
    fastify.get('/overview', (request, reply) => this.show(request, reply));
    fastify.get<ErrorsRoute>('/errors', (request, reply) => this.list(request, reply));
  }

  private async show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const [figures, { doubts }, errors, readiness] = await Promise.all([
      this.figures.look(),
      this.summaries.present(),
      this.errors.look(),
      this.readiness.report(),
    ]);
    const minutes = figures.minutes.slice(0, -1);
    const concerns = concernsOf({ doubts, waiting: figures.waiting, minutes, readiness });
    return sendPage(request, reply, {
      title: verdictText(concerns),
      section: 'overview',
      body: <Overview {...{ concerns, doubts, figures, errors, readiness }} />,
    });
  }

  private async list(request: FastifyRequest<ErrorsRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { kind: asked, code } = request.query;
    const kind = ERROR_KINDS.find((one) => one === asked);
    if (kind === undefined || typeof code !== 'string') return reply.redirect('/console/overview', 303);
    const errors = await this.errors.behind(kind, code);
    const body: JSX.Element = <ErrorsBehind kind={kind} code={code} errors={errors} />;
    return sendPage(request, reply, { title: `Errors ${code}`, section: 'overview', body });
  }
}
