import type { ComponentChildren, JSX } from 'preact';
import { usePageView } from './page-view.js';

interface LooksAgainProps {
  readonly id: string;
  /** Undefined: nothing more to wait for, so no refresh. */
  readonly everySeconds: number | undefined;
  readonly children: ComponentChildren;
}

/** A part of a page that refreshes while the page is open; without JavaScript it stays as it was loaded. */
export function LooksAgain({ id, everySeconds, children }: LooksAgainProps): JSX.Element {
  const { address } = usePageView();
  const again =
    everySeconds === undefined
      ? {}
      : {
          'hx-get': address,
          'hx-trigger': `every ${everySeconds}s`,
          'hx-select': `#${id}`,
          'hx-swap': 'outerMorph',
        };
  return (
    <div id={id} {...again}>
      <p class="notice warn stale" role="status">
        This page could not be brought up to date; it shows what was true before.
      </p>
      {children}
    </div>
  );
}
