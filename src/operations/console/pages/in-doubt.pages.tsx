import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { ComponentChildren, JSX } from 'preact';
import { displayMoney } from '../../../payment-order/order/money.js';
import type { DoubtSumDto } from '../../summary/summary.dto.js';
import { SummaryService } from '../../summary/summary.service.js';
import { Radar, SHOWN, type Doubt, type Held, type RadarView, type Undelivered } from '../figures/radar.js';
import { DoubtFigures } from '../parts/doubt-figures.js';
import { Sum } from '../parts/facts.js';
import { LooksAgain } from '../parts/looks-again.js';
import { State } from '../parts/state.js';
import { ageText, Time } from '../parts/time.js';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

@Injectable()
export class InDoubtPages implements ConsolePages {
  constructor(
    private readonly radar: Radar,
    private readonly summaries: SummaryService,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/in-doubt', async (request, reply) => {
      const [view, { doubts }] = await Promise.all([this.radar.look(), this.summaries.present()]);
      const body = <InDoubt {...view} sums={doubts} />;
      return sendPage(request, reply, { title: 'In doubt', section: 'in-doubt', body });
    });
  }
}

interface InDoubtProps extends RadarView {
  readonly sums: readonly DoubtSumDto[];
}

function InDoubt({ sums, doubts, undelivered, held }: InDoubtProps): JSX.Element {
  return (
    <LooksAgain id="in-doubt" everySeconds={5}>
      <div class="head">
        <h1>In doubt</h1>
        <span class="quiet">payments that need attention, oldest first</span>
      </div>
      <DoubtFigures sums={sums} />
      <Doubts of={doubts} />
      <UndeliveredResults of={undelivered} />
      <HeldOrders of={held} />
    </LooksAgain>
  );
}

function Doubts({ of }: { of: readonly Doubt[] }): JSX.Element {
  return (
    <Part
      id="money"
      name="Money"
      about="The ledger has not said whether it took the money, or has not given it back yet. It is asked by the same key until it answers. Nothing has to be done, and nobody may debit or refund again."
      empty="The ledger has answered for every debit and refund."
      count={of.length}
    >
      <List columns={['Since', 'State', 'Amount', 'Merchant', 'Customer', 'Because', 'Calls', 'Next']}>
        {of.map((doubt) => (
          <tr key={`${doubt.paymentId} ${doubt.status}`} id={`money-${doubt.paymentId}-${doubt.status}`}>
            <td>
              <RowLink paymentId={doubt.paymentId} since={doubt.since} />
            </td>
            <td>
              <State of={doubt.status} />
            </td>
            <td class="number">{doubt.amount && <Sum>{displayMoney(doubt.amount)}</Sum>}</td>
            <td class="name">{doubt.merchantName}</td>
            <td class="name">{doubt.customerId}</td>
            <td>{doubt.unknownReason}</td>
            <td class="number" data-label="Calls">
              {doubt.tries}
            </td>
            <td data-label="Next">
              <Time at={doubt.nextAttemptAt} />
            </td>
          </tr>
        ))}
      </List>
    </Part>
  );
}

function UndeliveredResults({ of }: { of: readonly Undelivered[] }): JSX.Element {
  return (
    <Part
      id="results"
      name="Results"
      about="Alipay+ has not acknowledged how the payment ended, and the result is not sent again automatically. Open the payment to resend it."
      empty="Every result is acknowledged, or will be sent again automatically."
      count={of.length}
    >
      <List columns={['Since', 'State', 'Order', 'Merchant', 'Customer', 'Last answer', 'Attempts']}>
        {of.map((one) => (
          <tr key={one.paymentId} id={`result-${one.paymentId}`}>
            <td>
              <RowLink paymentId={one.paymentId} since={one.since} />
            </td>
            <td>
              <State of={one.status} />
            </td>
            <td>
              <State of={one.orderStatus} />
            </td>
            <td class="name">{one.merchantName}</td>
            <td class="name">{one.customerId}</td>
            <td>{one.lastOutcome}</td>
            <td class="number" data-label="Attempts">
              {one.tries}
            </td>
          </tr>
        ))}
      </List>
    </Part>
  );
}

function HeldOrders({ of }: { of: readonly Held[] }): JSX.Element {
  return (
    <Part
      id="held"
      name="Held orders"
      about="Alipay+ answered something that must not be skipped, so these cannot be paid as they are. Open one to see whether it may be released; otherwise it expires by itself."
      empty="No order is held."
      count={of.length}
    >
      <List columns={['Since', 'Because', 'Merchant', 'Customer', 'Expires']}>
        {of.map((one) => (
          <tr key={one.paymentId} id={`held-${one.paymentId}`}>
            <td>
              <RowLink paymentId={one.paymentId} since={one.since} />
            </td>
            <td>{one.heldReason}</td>
            <td class="name">{one.merchantName}</td>
            <td class="name">{one.customerId}</td>
            <td data-label="Expires">
              <Time at={one.expiresAt} />
            </td>
          </tr>
        ))}
      </List>
    </Part>
  );
}

interface PartProps {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly empty: string;
  readonly count: number;
  readonly children: ComponentChildren;
}

function Part({ id, name, about, empty, count, children }: PartProps): JSX.Element {
  return (
    <section class="part" id={id}>
      <h2>{name}</h2>
      {count === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <>
          <p class="quiet">
            {about}
            {count === SHOWN && ` The oldest ${SHOWN} are shown.`}
          </p>
          {children}
        </>
      )}
    </section>
  );
}

function List({
  columns,
  children,
}: {
  columns: readonly string[];
  children: ComponentChildren;
}): JSX.Element {
  return (
    <table class="list">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function RowLink({ paymentId, since }: { paymentId: PaymentId; since: Date }): JSX.Element {
  return (
    <a href={`/console/payments/${paymentId}`} data-row>
      <Time at={since} /> <span class="quiet">{sinceText(since)}</span>
    </a>
  );
}

function sinceText(at: Date): string {
  return ageText(Date.now() - at.getTime());
}
