import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { JSX } from 'preact';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';

@Injectable()
export class HelpPages implements ConsolePages {
  serve(fastify: FastifyInstance): void {
    fastify.get('/help', (request, reply) =>
      sendPage(request, reply, { title: 'Keyboard and words', section: 'help', body: <Help /> }),
    );
  }
}

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'Search'],
  [['j', '↓'], 'Next payment of the list'],
  [['k', '↑'], 'Previous payment of the list'],
  [['Enter'], 'Open it'],
  [['n'], 'Next page of the list'],
  [['p'], 'Previous page of the list'],
  [['g', 'o'], 'Go to the overview'],
  [['g', 'p'], 'Go to payments'],
  [['g', 'd'], 'Go to what is in doubt'],
  [['g', 'l'], 'Go to the live figures'],
  [['?'], 'This page'],
  [['Esc'], 'Leave the field'],
];

const WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ['AWAITING_CONFIRMATION', 'Decoded and shown to the payer, who has neither confirmed nor declined.'],
  [
    'HELD',
    'Alipay+ asked for something this service must not skip. An operator may release some; else it is declined or expires.',
  ],
  ['DEBITING', "The payer has confirmed; the wallet's ledger has not settled it."],
  ['PAID', 'The money was taken, once.'],
  ['FAILED · DECLINED · EXPIRED · CANCELLED', 'No money is kept. What ended it is in the timeline.'],
  [
    'IN_DOUBT',
    'The ledger has not said whether it took the money. It is asked by the same key until it answers.',
  ],
  ['PENDING', 'Alipay+ has not acknowledged the result; it is sent again on a schedule.'],
  ['PARKED', 'The result was not acknowledged in time. An operator decides.'],
  ['REJECTED', 'Alipay+ refused the result for good, as it stands. An operator decides.'],
];

function Help(): JSX.Element {
  return (
    <section class="narrow">
      <h1>Keyboard and words</h1>
      <h2>Keyboard</h2>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>Words</h2>
      <dl class="words">
        {WORDS.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
