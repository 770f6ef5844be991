import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { KeyReloads, type KeysInUse } from '../../../alipay-plus/signature/key-reloads.js';
import { WORK, type WorkName } from '../../../payment-order/order/work.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import { isReason, LONGEST_REASON } from '../../reason.js';
import { PausesService, type QueueState } from '../../service/pauses.service.js';
import { CsrfField, formText } from '../parts/forms.js';
import { usePageView } from '../parts/page-view.js';
import { sendPage } from '../send-page.js';
import { signedInOperator } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';

const TURNS = { pause: 'Pause', resume: 'Resume' } as const;
type Turn = keyof typeof TURNS;

interface TurnRoute {
  readonly Params: { readonly queue: string; readonly turn: string };
}

/** The page of the whole service: its queues, which an operator may pause, and the key versions in use. */
@Injectable()
export class ServicePages implements ConsolePages {
  constructor(
    private readonly pauses: PausesService,
    private readonly keys: KeyReloads,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/service', (request, reply) => this.show(request, reply));
    const config = { isForOperators: true };
    fastify.post<TurnRoute>('/service/queues/:queue/:turn', { config }, (request, reply) =>
      this.turn(request, reply),
    );
  }

  private show(request: FastifyRequest, reply: FastifyReply, fault?: string): FastifyReply {
    return sendPage(request, reply, {
      title: 'Service',
      section: 'service',
      body: <Service queues={this.pauses.all()} keys={this.keys.inUse} fault={fault} />,
    });
  }

  private async turn(request: FastifyRequest<TurnRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const queue = Object.values(WORK).find((name) => name === request.params.queue);
    const turn = Object.keys(TURNS).find((name): name is Turn => name === request.params.turn);
    if (queue === undefined || turn === undefined) throw platformProblem('ROUTE_NOT_FOUND');
    const reason = formText(request, 'reason').trim();
    if (!isReason(reason))
      return this.show(request, reply.code(400), `Say why, in at most ${LONGEST_REASON} characters.`);
    await this.pauses.turn(signedInOperator(request), queue, turn, reason);
    return reply.redirect('/console/service', 303);
  }
}

interface ServiceProps {
  readonly queues: readonly QueueState[];
  readonly keys: KeysInUse;
  readonly fault: string | undefined;
}

function Service({ queues, keys, fault }: ServiceProps): JSX.Element {
  return (
    <section class="narrow">
      <h1>Service</h1>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {queues.map((state) => (
        <Queue key={state.queue} {...state} />
      ))}
      <div class="panel">
        <h2>Keys</h2>
        <p>
          We sign with version {keys.signWith} of {keys.ownVersions.join(', ')}; of Alipay+ we accept version{' '}
          {keys.alipayPlusVersions.join(', ')}. This process answers for itself.
        </p>
      </div>
    </section>
  );
}

const TITLES: Readonly<Record<WorkName, string>> = {
  decode: 'Asking again what codes mean',
  debit: 'Asking the ledger again, and giving back',
  notify: 'Sending results to Alipay+',
  events: "Telling the wallet's back end",
};

function Queue({ queue, status, means, since, by, reason }: QueueState): JSX.Element {
  const turn: Turn = status === 'paused' ? 'resume' : 'pause';
  const { mayAct } = usePageView();
  return (
    <div class="panel">
      <h2>
        {TITLES[queue]} ({queue})
      </h2>
      {status === 'paused' && (
        <p class="notice warn">
          Paused since {since} by {by}: {reason}
        </p>
      )}
      <p>{status === 'paused' ? means : `Runs. While it is paused: ${means}`}</p>
      {mayAct && (
        <form method="post" action={`/console/service/queues/${queue}/${turn}`} class="stack">
          <CsrfField />
          <label for={`reason-${queue}`}>Why</label>
          <input
            id={`reason-${queue}`}
            name="reason"
            class="wide"
            required
            maxLength={LONGEST_REASON}
            autocomplete="off"
          />
          <button type="submit" class={turn === 'resume' ? 'primary' : undefined}>
            {TURNS[turn]} {queue}
          </button>
        </form>
      )}
    </div>
  );
}
