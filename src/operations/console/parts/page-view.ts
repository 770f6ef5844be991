import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What a page may need to know about the request it is rendered for. */
export interface PageView {
  /** Undefined before signing in. */
  readonly operator: string | undefined;
  /** False for those who may only look. */
  readonly mayAct: boolean;
  /** True for those who may decide on a proposal of another person. */
  readonly mayApprove: boolean;
  /** IANA name; times are shown in it and in UTC+8, the zone of the network's days. */
  readonly zone: string;
  readonly theme: Theme;
  /** Goes into every form that changes something. */
  readonly csrfToken: string;
  /** Path and query of this page, to come back to. */
  readonly address: string;
}

export const PageViewContext = createContext<PageView | undefined>(undefined);

export function usePageView(): PageView {
  const view = useContext(PageViewContext);
  if (view === undefined) throw new Error('a part of a page is drawn outside of any page');
  return view;
}
