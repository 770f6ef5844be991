import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Layout, type LayoutProps } from './parts/layout.js';
import { PageViewContext, type PageView } from './parts/page-view.js';
import { preferencesOf } from './preferences.js';
import { mayAct, mayApprove } from './session/operator-session.js';
import { operatorOf } from './session/sign-in-gate.js';

/** Answers with a whole page. The renderer escapes every text in it; no text is ever inserted as markup. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Omit<LayoutProps, 'children'> & { readonly body: JSX.Element },
): FastifyReply {
  const { body, ...layout } = page;
  const html = renderToString(
    <PageViewContext.Provider value={viewOf(request, reply)}>
      <Layout {...layout}>{body}</Layout>
    </PageViewContext.Provider>,
  );
  return reply.type('text/html; charset=utf-8').send(`<!doctype html>${html}`);
}

function viewOf(request: FastifyRequest, reply: FastifyReply): PageView {
  const operator = operatorOf(request);
  return {
    ...preferencesOf(request),
    operator: operator?.subject ?? operator?.name,
    mayAct: operator !== undefined && mayAct(operator),
    mayApprove: operator !== undefined && mayApprove(operator),
    csrfToken: reply.generateCsrf(),
    address: request.url,
  };
}
