import type { JSX } from 'preact';
import { CsrfField } from './forms.js';
import { THEMES, usePageView, type Theme } from './page-view.js';

const THEME_TEXTS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Who is signed in, the display preferences, and the sign-out. */
export function PreferencesMenu(): JSX.Element {
  const { operator, zone, theme, address } = usePageView();
  return (
    <details class="menu">
      <summary>
        <span class="unseen">Signed in as </span>
        {operator}
      </summary>
      <div class="menu-body">
        <form method="post" action="/console/preferences" class="switch" aria-label="Colours">
          <CsrfField />
          <input type="hidden" name="next" value={address} />
          {THEMES.map((name) => (
            <button key={name} type="submit" name="theme" value={name} aria-pressed={name === theme}>
              {THEME_TEXTS[name]}
            </button>
          ))}
        </form>
        <a href={`/console/preferences?next=${encodeURIComponent(address)}`}>Times in {zone}</a>
        <a href="/console/help">Keyboard and words</a>
        <form method="post" action="/console/sign-out">
          <CsrfField />
          <button type="submit">Sign out</button>
        </form>
      </div>
    </details>
  );
}
