import type { ComponentChildren, JSX } from 'preact';

export interface FigureProps {
  readonly name: string;
  /** The list of what is counted. */
  readonly href?: string | undefined;
  readonly children: ComponentChildren;
}

/** A number to watch, as an entry of a list. */
export function Figure({ name, href, children }: FigureProps): JSX.Element {
  return (
    <div class="figure">
      <dt>{href === undefined ? name : <a href={href}>{name}</a>}</dt>
      <dd>{children}</dd>
    </div>
  );
}
