/** The ledger did something that the contract does not allow; the message says what. */
export class CheckFailure extends Error {}
