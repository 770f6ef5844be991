import { Fragment, type ComponentChildren, type JSX } from 'preact';
import { displayMoney, type Money } from '../../../payment-order/order/money.js';

export type Fact = readonly [name: string, value: ComponentChildren];

/** A list of names and values; unknown ones are left out. */
export function Facts({ of }: { of: readonly Fact[] }): JSX.Element {
  const known = of.filter(([, value]) => value !== undefined && value !== null && value !== false);
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/**
 * An id to read, mark and copy. The copy button is shown only where a script can copy; its sign is an image, since few
 * fonts have one.
 */
export function Id({ children }: { children: string | undefined }): JSX.Element | undefined {
  if (children === undefined) return undefined;
  return (
    <>
      <code>{children}</code>
      <button type="button" class="copy" data-copy={children} aria-label={`Copy ${children}`}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path class="sheets" d="M5 5V2h9v9h-3M2 5h9v9H2z" />
          <path class="done" d="M3 9l3 3 7-8" />
        </svg>
      </button>
    </>
  );
}

/** An amount for people; no line break inside the number. */
export function Sum({ children }: { children: string }): JSX.Element {
  return <span class="money">{children}</span>;
}

/** An amount in major units for people, and in minor units as other systems show it. */
export function Amount({ of }: { of: Money | undefined }): JSX.Element | undefined {
  if (of === undefined) return undefined;
  return (
    <>
      <Sum>{displayMoney(of)}</Sum>{' '}
      <small class="money quiet mono">
        {of.value.toString()} {of.currency}
      </small>
    </>
  );
}
