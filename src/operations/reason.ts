import { Matches } from 'class-validator';
import { ApiProperty } from '../platform/http/api-description.js';
import { brokenTextRule, characterCount, Characters } from '../platform/http/field.decorators.js';

/** In characters; the checks of the database have the same limit. */
export const LONGEST_REASON = 200;

/** Something visible: characters without width say nothing. */
const WORDS = /[\p{L}\p{N}\p{P}\p{S}]/u;

// The compiler cannot see that a required field is always there; the signature below says so.
const describe = ApiProperty as (options: object) => (body: object, name: string) => void;

/** The reason of an operator; every body that changes anything has it. */
export function ReasonField(
  description: string,
  example: string,
): (body: { readonly reason: string }, name: 'reason') => void {
  return WordsField(description, example);
}

/** A text in an operator's own words. */
export function WordsField<Name extends string>(
  description: string,
  example: string,
): (body: Readonly<Record<Name, string>>, name: Name) => void {
  return (body, name) => {
    describe({ minLength: 1, maxLength: LONGEST_REASON, description, example })(body, name);
    Characters(1, LONGEST_REASON)(body, name);
    // An empty text already breaks the rule above.
    Matches(new RegExp(`^$|${WORDS.source}`, WORDS.flags), { message: 'must say something' })(body, name);
  };
}

/** The same rule where no body is validated: in a form of the console. */
export function isReason(text: string): boolean {
  return WORDS.test(text) && characterCount(text) <= LONGEST_REASON && brokenTextRule(text) === undefined;
}
