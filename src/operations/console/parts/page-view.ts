import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What every part of a page may want to know of the request it is drawn for. */
export interface PageView {
  /** Undefined before signing in. */
  readonly operator: string | undefined;
  /** False for whoever may only look. */
  readonly mayAct: boolean;
  /** True for whoever may decide about what another person proposed. */
  readonly mayApprove: boolean;
  /** IANA name; times are told in it and in UTC+8, the zone of the network's days. */
  readonly zone: string;
  readonly theme: Theme;
  /** Goes into every form that changes something. */
  readonly csrfToken: string;
  /** Path and query, to come back to. */
  readonly address: string;
}

export const PageViewContext = createContext<PageView | undefined>(undefined);

export function usePageView(): PageView {
  const view = useContext(PageViewContext);
  if (view === undefined) throw new Error('a part of a page is drawn outside of any page');
  return view;
}
