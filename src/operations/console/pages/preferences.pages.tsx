import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { HttpSettings } from '../../../platform/http/http.settings.js';
import { formText } from '../parts/forms.js';
import { CsrfField } from '../parts/forms.js';
import { usePageView } from '../parts/page-view.js';
import { allZones, isZone, keepPreferences, preferencesOf, themeOf } from '../preferences.js';
import { sendPage } from '../send-page.js';
import { nextAddress } from '../session/sign-in-gate.js';
import type { ConsolePages } from './console-pages.js';

interface NextQuery {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

@Injectable()
export class PreferencesPages implements ConsolePages {
  constructor(private readonly http: HttpSettings) {}

  serve(fastify: FastifyInstance): void {
    fastify.get<NextQuery>('/preferences', (request, reply) => {
      const next = nextAddress(request.query['next']);
      return sendPage(request, reply, { title: 'Times', body: <Zones next={next} /> });
    });
    fastify.post('/preferences', (request, reply) => this.keep(request, reply));
  }

  /** Either field may be absent: the menu sends the colours, the page sends the zone. */
  private keep(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const kept = preferencesOf(request);
    const zone = formText(request, 'zone');
    const theme = formText(request, 'theme');
    keepPreferences(reply, this.http.publicPathPrefix, {
      zone: isZone(zone) ? zone : kept.zone,
      theme: theme === '' ? kept.theme : themeOf(theme),
    });
    return reply.redirect(nextAddress(formText(request, 'next')), 303);
  }
}

function Zones({ next }: { next: string }): JSX.Element {
  const { zone } = usePageView();
  return (
    <section class="narrow">
      <h1>Times</h1>
      <p>
        Every time is shown in your zone and in UTC+8, the zone of the network’s days. The choice is kept in
        this browser.
      </p>
      <form method="post" action="/console/preferences" class="stack">
        <CsrfField />
        <input type="hidden" name="next" value={next} />
        <label for="zone">Your zone</label>
        <select id="zone" name="zone">
          {allZones().map((name) => (
            <option key={name} value={name} selected={name === zone}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" class="primary">
          Show times in this zone
        </button>
      </form>
    </section>
  );
}
