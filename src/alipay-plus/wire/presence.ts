/** The conditions under which an optional field is there, in the words of the protocol document. */
export const WITH_SUCCESS = 'with resultCode SUCCESS';
export const FROM_MERCHANT = 'if the merchant gave it';
export const UNCONDITIONAL = 'optional';
