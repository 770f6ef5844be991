import type { ComponentChildren, JSX } from 'preact';
import { assetAddress } from '../assets.js';
import { usePageView } from './page-view.js';
import { PreferencesMenu } from './preferences-menu.js';

type Section = 'overview' | 'payments' | 'in-doubt' | 'approvals' | 'live' | 'service' | 'help';

export interface LayoutProps {
  readonly title: string;
  readonly section?: Section;
  /** The content of the search field. */
  readonly q?: string;
  readonly children: ComponentChildren;
}

const SECTIONS: readonly (readonly [Section, string, string])[] = [
  ['overview', '/console/overview', 'Overview'],
  ['payments', '/console/payments', 'Payments'],
  ['in-doubt', '/console/in-doubt', 'In doubt'],
  ['approvals', '/console/approvals', 'Approvals'],
  ['live', '/console/live', 'Live'],
  ['service', '/console/service', 'Service'],
];

/**
 * No inline style, and an answer that is not a page is never put into one. Whether a part is open is the reader's
 * choice: an update never opens or closes a part that is already there.
 */
const HTMX_CONFIG = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  defaultTimeout: 10_000,
  morphIgnore: ['data-htmx-powered', 'open'],
});

/** The whole document around the content of a page. */
export function Layout({ title, section, q, children }: LayoutProps): JSX.Element {
  const { theme, operator } = usePageView();
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{`${title} · Payments console`}</title>
        <link rel="icon" href={assetAddress('icon.svg')} />
        <link rel="stylesheet" href={assetAddress('console.css')} />
        <script defer src={assetAddress('htmx.js')} />
        <script type="module" src={assetAddress('console.js')} />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        {operator !== undefined && <Header section={section} q={q} />}
        <main id="content" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

function Header({ section, q }: { section: Section | undefined; q: string | undefined }): JSX.Element {
  return (
    <header class="top">
      <a class="brand" href="/console">
        <img src={assetAddress('icon.svg')} alt="" width="22" height="22" />
        <span>Console</span>
      </a>
      <nav aria-label="Sections">
        {SECTIONS.map(([name, href, text]) => (
          <a key={name} href={href} aria-current={name === section ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <form class="find" role="search" action="/console/payments">
        <label class="unseen" for="find">
          Find a payment by any id
        </label>
        <input
          id="find"
          type="search"
          name="q"
          value={q}
          placeholder="Paste any id"
          autocomplete="off"
          spellcheck={false}
          aria-keyshortcuts="/"
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <PreferencesMenu />
    </header>
  );
}
