import { Matches } from 'class-validator';
import { ApiProperty } from '../platform/http/api-description.js';
import { brokenTextRule, characterCount, Characters } from '../platform/http/field.decorators.js';

/** As many characters as the rows hold; their checks say the same. */
export const LONGEST_REASON = 200;

/** Something that is seen: characters without width say nothing. */
const WORDS = /[\p{L}\p{N}\p{P}\p{S}]/u;

// The compiler cannot see that a field of this type is always there; the signature below says so.
const describe = ApiProperty as (options: object) => (body: object, name: string) => void;

/** Why an operator does something; every body that does anything has it. */
export function ReasonField(
  description: string,
  example: string,
): (body: { readonly reason: string }, name: 'reason') => void {
  return WordsField(description, example);
}

/** What an operator says in their own words. */
export function WordsField<Name extends string>(
  description: string,
  example: string,
): (body: Readonly<Record<Name, string>>, name: Name) => void {
  return (body, name) => {
    describe({ minLength: 1, maxLength: LONGEST_REASON, description, example })(body, name);
    Characters(1, LONGEST_REASON)(body, name);
    // An empty one breaks the rule above already.
    Matches(new RegExp(`^$|${WORDS.source}`, WORDS.flags), { message: 'must say something' })(body, name);
  };
}

/** The same rule where no body is checked: in a form of the console. */
export function isReason(text: string): boolean {
  return WORDS.test(text) && characterCount(text) <= LONGEST_REASON && brokenTextRule(text) === undefined;
}
