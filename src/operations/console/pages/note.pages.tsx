import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../../../platform/http/problem.js';
import { NotesService } from '../../notes/notes.service.js';
import { refuse } from '../../operations.problems.js';
import { isReason, LONGEST_REASON } from '../../reason.js';
import { PaymentSnapshots } from '../../snapshot/payment-snapshots.js';
import { formText } from '../parts/forms.js';
import { NoteForm } from '../parts/notes.js';
import { PaymentHead } from '../parts/payment-head.js';
import { sendPage } from '../send-page.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import { isUuid, paymentIdOf, type ConsolePages, type PaymentRoute } from './console-pages.js';

interface Draft {
  readonly text?: string;
  readonly fault?: string;
}

type NoteRequest = FastifyRequest<PaymentRoute>;

/** A note is written on the page of its payment; a note that was refused is shown again on a page of its own. */
@Injectable()
export class NotePages implements ConsolePages {
  constructor(
    private readonly notes: NotesService,
    private readonly snapshots: PaymentSnapshots,
  ) {}

  serve(fastify: FastifyInstance): void {
    const [path, config] = ['/payments/:paymentId/notes', { isForOperators: true }];
    fastify.get<PaymentRoute>(path, { config }, (request, reply) => this.ask(request, reply));
    fastify.post<PaymentRoute>(path, { config }, (request, reply) => this.keep(request, reply));
  }

  private async ask(request: NoteRequest, reply: FastifyReply, draft: Draft = {}): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    const snapshot = await this.snapshots.find(paymentId);
    if (snapshot === undefined) throw refuse('NOT_FOUND');
    return sendPage(request, reply, {
      title: 'A note',
      section: 'payments',
      body: (
        <section class="narrow">
          <p>
            <a href={`/console/payments/${paymentId}`}>← The payment</a>
          </p>
          <PaymentHead snapshot={snapshot} />
          <div class="panel">
            <h2>A note</h2>
            <NoteForm paymentId={paymentId} noteId={randomUUID()} {...draft} />
          </div>
        </section>
      ),
    });
  }

  private async keep(request: NoteRequest, reply: FastifyReply): Promise<FastifyReply> {
    const paymentId = paymentIdOf(request);
    // A browser sends a line break as two characters (CRLF) but counts it as one.
    const text = formText(request, 'text').replaceAll('\r\n', '\n').trim();
    if (!isReason(text)) {
      const fault = `Write something, in at most ${LONGEST_REASON} characters.`;
      return this.ask(request, reply.code(400), { text, fault });
    }
    const noteId = formText(request, 'noteId');
    try {
      await this.notes.write(signedInOperator(request), paymentId, {
        text,
        ...(isUuid(noteId) && { noteId }),
      });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error;
      const fault = error.problem.detail ?? error.problem.title;
      return this.ask(request, reply.code(409), { text, fault });
    }
    return reply.redirect(`/console/payments/${paymentId}#notes`, 303);
  }
}
