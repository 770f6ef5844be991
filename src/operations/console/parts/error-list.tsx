import type { JSX } from 'preact';
import { MOST_BEHIND, type ErrorBehind, type ErrorCount, type ErrorKind } from '../figures/error-figures.js';
import { Time } from './time.js';

const KIND_TEXTS: Readonly<Record<ErrorKind, string>> = {
  scan: 'Asking Alipay+ what a code means',
  debit: "Taking the payer's money",
  result: 'Sending a result to Alipay+',
};

/** The errors of the last hour by code. */
export function ErrorCounts({ errors }: { errors: readonly ErrorCount[] }): JSX.Element {
  return (
    <section class="part">
      <h2>Errors of the last hour</h2>
      {errors.length === 0 ? (
        <p class="quiet">There was none.</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col" class="number">
                How often
              </th>
              <th scope="col">When</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {errors.map((error) => (
              <Row key={`${error.kind} ${error.code}`} error={error} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ error: { kind, code, count, lastAt } }: { error: ErrorCount }): JSX.Element {
  const query = new URLSearchParams({ kind, code });
  return (
    <tr id={`error-${kind}-${code}`}>
      <td>
        <a data-row href={`/console/errors?${query.toString()}`}>
          {code}
        </a>
      </td>
      <td class="number" data-label="How often">
        {count.toLocaleString('en')}
      </td>
      <td>{KIND_TEXTS[kind]}</td>
      <td data-label="Last">
        <Time at={lastAt} />
      </td>
    </tr>
  );
}

interface ErrorsBehindProps {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly errors: readonly ErrorBehind[];
}

/** The payments and scans behind one code. */
export function ErrorsBehind({ kind, code, errors }: ErrorsBehindProps): JSX.Element {
  return (
    <>
      <p>
        <a href="/console/overview">← Overview</a>
      </p>
      <div class="head">
        <h1>{code}</h1>
        <span class="quiet">
          {KIND_TEXTS[kind]}, the last hour
          {errors.length === MOST_BEHIND && `, the newest ${MOST_BEHIND}`}
        </span>
      </div>
      {errors.length === 0 ? (
        <p class="empty">There was none in the last hour.</p>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Customer</th>
              <th scope="col">Payment or scan</th>
            </tr>
          </thead>
          <tbody>
            {errors.map((error, index) => (
              <tr key={index}>
                <td>
                  <a data-row href={addressOf(error)}>
                    <Time at={error.at} />
                  </a>
                </td>
                <td class="name">{error.customerId}</td>
                <td class="id mono">{error.paymentId ?? error.scanId}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** A scan without a payment has no page; the search shows it. */
function addressOf({ paymentId, scanId = '' }: ErrorBehind): string {
  return paymentId === undefined ? `/console/payments?q=${scanId}` : `/console/payments/${paymentId}`;
}
