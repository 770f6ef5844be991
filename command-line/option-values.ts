import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Readers of option values: a value that they refuse is reported as wrong usage, with the option's name. */

/** For `.option('--rounds <n>', '…', wholeNumber(1), 5)`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number ${range(least, most)}.`);
  };
}

/** A number above zero, decimals allowed. */
export function numberAboveZero(most = 1_000_000_000) {
  return (text: string): number => {
    const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number above 0 and up to ${most}.`);
  };
}

/** Text that must not be blank, of the given form if there is one. */
export function textLike(rule: string, form = /\S/) {
  return (text: string): string => {
    if (form.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${rule}.`);
  };
}

function range(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
}
