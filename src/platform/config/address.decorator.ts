import { ValidateBy } from 'class-validator';
import { addressFault } from './address-fault.js';

/** The text of the property is an address with one of these schemes; the fault says what is wrong with it. */
export function IsAddress(...schemes: string[]): PropertyDecorator {
  return ValidateBy({
    name: 'address',
    validator: {
      validate: (value) => addressFault(String(value), schemes) === undefined,
      defaultMessage: (args) => addressFault(String(args?.value), schemes) ?? '',
    },
  });
}
