import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, type FieldFault } from '../../../platform/http/problem.js';
import { ExportService } from '../../export/export.service.js';
import { refuse } from '../../operations.problems.js';
import { inFormWords, inMinorUnits } from '../parts/major-units.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import { StrictInputPipe } from '../../../platform/http/input/strict-input.pipe.js';
import { PaymentsExportQuery, PaymentsQuery } from '../../search/query/payments.query.js';
import { readPaymentExport, readPaymentSearch } from '../../search/query/read-search.js';
import { SearchService } from '../../search/search.service.js';
import type { FoundPaymentDto, FoundScanDto, Page } from '../../search/search.dto.js';
import { Payments } from '../parts/payments.js';
import { preferencesOf } from '../preferences.js';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';

const MOST_SCANS = 20;

interface ListRoute {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

/** The query as it was sent, letter for letter, so that a form can show it again. */
export type Asked = Readonly<Record<string, string>>;

@Injectable()
export class PaymentsPages implements ConsolePages {
  private readonly input = new StrictInputPipe();

  constructor(
    private readonly search: SearchService,
    private readonly exports: ExportService,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get<ListRoute>('/payments', (request, reply) => this.list(request, reply));
    fastify.get<ListRoute>('/payments.csv', { config: { isForOperators: true } }, (request, reply) =>
      this.export(request, reply),
    );
  }

  private async list(request: FastifyRequest<ListRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const asked = askedIn(request.query);
    try {
      mustBeGivenOnce(request.query);
      const page = await this.find(asked, preferencesOf(request).zone);
      const [only, ...others] = page.items;
      // A pasted id with exactly one result leads straight to it.
      if (asked.q !== undefined && asked.cursor === undefined && only !== undefined && others.length === 0) {
        return reply.redirect(`/console/payments/${only.paymentId}`, 303);
      }
      const scans = only === undefined ? await this.scansWithoutPayment(asked) : [];
      return send(request, reply, { asked, page, scans, faults: [] });
    } catch (error) {
      const { status, errors, detail } = error instanceof ProblemError ? error.problem : {};
      if (status === undefined || status >= 500) throw error;
      const faults = errors ?? [{ field: 'q', rule: detail ?? 'cannot be searched' }];
      const shown = faults.map((fault) => inFormWords(fault, asked));
      return send(request, reply.code(status), { asked, faults: shown });
    }
  }

  private async find(asked: Asked, zone: string): Promise<Page<FoundPaymentDto>> {
    return this.search.payments(readPaymentSearch(await this.checked(asked, zone, PaymentsQuery)));
  }

  /** The whole list, not only a page, as the CSV file that the API gives. */
  private async export(request: FastifyRequest<ListRoute>, reply: FastifyReply): Promise<FastifyReply> {
    mustBeGivenOnce(request.query);
    const { cursor: _cursor, ...asked } = askedIn(request.query);
    const query = await this.checked(asked, preferencesOf(request).zone, PaymentsExportQuery);
    const file = await this.exports.paymentsCsv(signedInOperator(request), readPaymentExport(query));
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', 'attachment; filename="payments.csv"')
      .send(file);
  }

  /** Checked by the rules of the API, except that amounts may be in major units. */
  private async checked<Query extends object>(
    asked: Asked,
    zone: string,
    metatype: new () => Query,
  ): Promise<Query> {
    const { asked: inApiWords, faults } = inMinorUnits(asked);
    if (faults.length > 0) throw refuse('INVALID_REQUEST', { errors: faults });
    const hasLocalTime = asked.from !== undefined || asked.to !== undefined;
    const query = hasLocalTime && asked.zone === undefined ? { ...inApiWords, zone } : inApiWords;
    return (await this.input.transform(query, { type: 'query', metatype })) as Query; // the pipe makes an instance of the metatype
  }

  /** An id without a payment may be that of a scan, or of a customer whose codes were refused. */
  private async scansWithoutPayment({ q }: Asked): Promise<readonly FoundScanDto[]> {
    if (q === undefined) return [];
    const { items } = await this.search.scans({ q, filters: {}, sort: '-createdAt', limit: MOST_SCANS });
    return items.filter(({ paymentId }) => paymentId === undefined);
  }
}

/** Ignoring a filter silently would show, and export, the wrong payments. */
function mustBeGivenOnce(query: ListRoute['Querystring']): void {
  const twice = Object.keys(query).filter((name) => Array.isArray(query[name]));
  const errors = twice.map((field) => ({ field, rule: 'must be given once' }));
  if (errors.length > 0) throw refuse('INVALID_REQUEST', { errors });
}

/** A form field left empty is no filter. */
function askedIn(query: ListRoute['Querystring']): Asked {
  const given = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  );
  const asked: Asked = Object.fromEntries(given);
  // People type currencies in small letters too.
  return asked.currency === undefined ? asked : { ...asked, currency: asked.currency.toUpperCase() };
}

interface ListView {
  readonly asked: Asked;
  readonly page?: Page<FoundPaymentDto>;
  readonly scans?: readonly FoundScanDto[];
  readonly faults: readonly FieldFault[];
}

function send(request: FastifyRequest, reply: FastifyReply, view: ListView): FastifyReply {
  return sendPage(request, reply, {
    title: 'Payments',
    section: 'payments',
    ...(view.asked.q !== undefined && { q: view.asked.q }),
    body: <Payments {...view} />,
  });
}
