import type { JSX } from 'preact';
import type { FoundScanDto } from '../../search/search.dto.js';
import { State } from './state.js';
import { Time } from './time.js';

/** Scans without a payment, and why: somebody who asks about a payment may hold the id of such a scan. */
export function ScanList({ scans }: { scans: readonly FoundScanDto[] }): JSX.Element {
  return (
    <section class="part">
      <h2>Scans without a payment</h2>
      <p class="quiet">No payment fits, but these scans do. Nothing was debited for them.</p>
      <table class="list">
        <thead>
          <tr>
            {['Scanned', 'State', 'Because', 'Customer', 'Attempts', 'Next attempt', 'scanId'].map(
              (column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {scans.map((scan) => (
            <Row key={scan.scanId} scan={scan} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ scan }: { scan: FoundScanDto }): JSX.Element {
  const { scanId, createdAt, status, resultCode, unknownReason, customerId, tries, nextAttemptAt } = scan;
  return (
    <tr>
      <td>
        <Time at={new Date(createdAt)} />
      </td>
      <td>
        <State of={status} />
      </td>
      <td>{resultCode ?? unknownReason}</td>
      <td class="name">{customerId}</td>
      <td data-label="Attempts">{tries}</td>
      <td data-label="Next attempt">
        {nextAttemptAt === undefined ? 'no' : <Time at={new Date(nextAttemptAt)} />}
      </td>
      <td class="id mono">{scanId}</td>
    </tr>
  );
}
