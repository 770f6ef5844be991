import type { ComponentChildren, JSX } from 'preact';

export interface FigureProps {
  readonly name: string;
  /** Where those that are counted are listed. */
  readonly href?: string | undefined;
  readonly children: ComponentChildren;
}

/** A number that is watched, in a list of them. */
export function Figure({ name, href, children }: FigureProps): JSX.Element {
  return (
    <div class="figure">
      <dt>{href === undefined ? name : <a href={href}>{name}</a>}</dt>
      <dd>{children}</dd>
    </div>
  );
}
