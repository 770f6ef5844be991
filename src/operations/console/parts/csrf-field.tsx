import type { JSX } from 'preact';
import { usePageView } from './page-view.js';

/** In every form that changes something. */
export function CsrfField(): JSX.Element {
  return <input type="hidden" name="csrf" value={usePageView().csrfToken} />;
}
