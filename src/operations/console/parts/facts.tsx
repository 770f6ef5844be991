import { Fragment, type ComponentChildren, type JSX } from 'preact';
import { displayMoney, type Money } from '../../../payment-order/order/money.js';

export type Fact = readonly [name: string, value: ComponentChildren];

/** Names and values; what is not known is left out. */
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
 * An id as it is: to be read, marked and copied. The button is shown where a script is there to copy; its
 * sign is drawn, since few fonts have one.
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

/** An amount as a person reads it, which never breaks inside the number. */
export function Sum({ children }: { children: string }): JSX.Element {
  return <span class="money">{children}</span>;
}

/** As a person reads it, and in minor units, as every other system shows it. */
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
