import type { JSX } from 'preact';
import { CURRENCY_DIGITS } from '../../../platform/currencies.js';
import type { FieldFault } from '../../../platform/http/problem.js';
import { NOTIFICATION_STATUSES, PAYMENT_STATUSES } from '../../../payment-order/order/payment-status.js';
import {
  PAYMENT_SORTS,
  type PaymentsExportQuery,
  type PaymentSort,
} from '../../search/query/payments.query.js';
import { withMajorUnits, type MajorFilter } from './major-units.js';
import { usePageView } from './page-view.js';

interface FiltersProps {
  readonly asked: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
}

const SORT_TEXTS: Readonly<Record<PaymentSort, string>> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  '-amount': 'Largest first',
  amount: 'Smallest first',
};

type FilterName = Exclude<keyof PaymentsExportQuery, 'q' | 'zone' | 'sort'>;

/** The text filters: the name in the address, the label, and an example. */
const FIELDS: readonly (readonly [name: FilterName | MajorFilter, text: string, placeholder?: string])[] = [
  ['from', 'From ({zone})'],
  ['to', 'Before ({zone})'],
  ['merchant', 'Merchant', 'how its name begins, or its id'],
  ['customerId', 'Customer'],
  ['acquirerId', 'Acquirer'],
  ['referenceOrderId', "Merchant's id of the order"],
  ['currency', 'Currency', 'HKD'],
  ['from-amount', 'Amount from', '85.61'],
  ['to-amount', 'Amount up to', '1000'],
];

/** The form of a time that a browser's own time picker can show. */
const PICKED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** The filters of the list; the fields have the names of the API. */
export function PaymentFilters({ asked, faults }: FiltersProps): JSX.Element {
  const { zone } = usePageView();
  const shown = withMajorUnits(asked);
  const isOpen = faults.length > 0 || Object.keys(asked).some((name) => !NOT_FILTERS.has(name));
  return (
    <details class="filters panel" open={isOpen}>
      <summary>Filters</summary>
      <OtherFaults faults={faults} />
      <form action="/console/payments">
        <Choice name="status" text="Order" asked={asked} options={PAYMENT_STATUSES.map(same)} />
        <Choice
          name="notificationStatus"
          text="Result"
          asked={asked}
          options={[...NOTIFICATION_STATUSES.map(same), ['NONE', 'None yet']]}
        />
        {FIELDS.map(([name, text, placeholder]) => (
          <Field
            key={name}
            name={name}
            text={text.replace('{zone}', zone)}
            asked={shown}
            faults={faults}
            placeholder={placeholder}
          />
        ))}
        <Choice
          name="sort"
          text="Order by"
          asked={asked}
          options={PAYMENT_SORTS.map((sort) => [sort, SORT_TEXTS[sort]])}
          isNeeded
        />
        <datalist id="currencies">
          {[...CURRENCY_DIGITS.keys()].map((code) => (
            <option key={code} value={code} />
          ))}
        </datalist>
        <button type="submit">Search</button>
      </form>
    </details>
  );
}

/** In every search, but no reason to show the filters open. */
const NOT_FILTERS = new Set(['q', 'status', 'notificationStatus', 'cursor']);

/** Faults in parts of the address that have no field here. */
function OtherFaults({ faults }: { faults: readonly FieldFault[] }): JSX.Element | null {
  const others = faults.filter(({ field }) => !FIELDS.some(([name]) => name === field));
  if (others.length === 0) return null;
  return (
    <div class="notice bad" role="alert">
      <ul>
        {others.map(({ field, rule }) => (
          <li key={field}>
            <code>{field}</code> {rule}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FieldProps extends FiltersProps {
  readonly name: string;
  readonly text: string;
  readonly placeholder: string | undefined;
}

function Field({ name, text, asked, faults, placeholder }: FieldProps): JSX.Element {
  const isTime = name === 'from' || name === 'to';
  // A time with an offset, or a date alone, came in the address: it is shown as text.
  const isPicked = isTime && (asked[name] === undefined || PICKED.test(asked[name]));
  const rule = faults.find(({ field }) => field === name)?.rule;
  return (
    <label>
      {text}
      <input
        name={name}
        type={isPicked ? 'datetime-local' : 'text'}
        step={isPicked ? 1 : undefined}
        list={name === 'currency' ? 'currencies' : undefined}
        value={asked[name]}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={rule === undefined ? undefined : 'true'}
      />
      {rule !== undefined && (
        <span class="fault" role="alert">
          {rule}
        </span>
      )}
    </label>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly text: string;
  readonly asked: FiltersProps['asked'];
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly isNeeded?: boolean;
}

function Choice({ name, text, asked, options, isNeeded = false }: ChoiceProps): JSX.Element {
  return (
    <label>
      {text}
      <select name={name}>
        {!isNeeded && <option value="">Any</option>}
        {options.map(([value, shown]) => (
          <option key={value} value={value} selected={asked[name] === value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

function same(value: string): readonly [string, string] {
  return [value, value];
}
