/**
 * What a flag of `paymentFactor` asks the wallet for before a payment, and the proof that it was done. A flag that has no
 * proof here cannot be supported: nobody could tell afterwards whether what it asked for was done or skipped.
 */
export const PROOF_OF_FLAG = {
  /** The one-time password that the payer typed. */
  needOtpVerification: 'otp',
  /** The reference of the check that the wallet made of the payment. */
  needCheckCompliance: 'compliance',
  /** The reference of the payer's consent to the agreement in `authorizationInfo`. */
  isAuthorizationAndPay: 'consent',
} as const;

export type SupportableFlag = keyof typeof PROOF_OF_FLAG;
export type ProofName = (typeof PROOF_OF_FLAG)[SupportableFlag];

export const SUPPORTABLE_FLAGS = Object.keys(PROOF_OF_FLAG) as SupportableFlag[]; // the keys of the constant above
export const PROOF_NAMES: readonly ProofName[] = Object.values(PROOF_OF_FLAG);

/** Given with a confirm, by name. */
export type Proofs = Readonly<Partial<Record<ProofName, string>>>;

/** An authorisation for Auto Debit that is asked for together with the payment. */
interface AuthorizationInfo {
  readonly referenceAgreementId?: string;
  readonly authClientId?: string;
  readonly authState?: string;
}

/** What an order asks for besides its money; kept as decoded. */
export interface Requirements {
  readonly flags: readonly SupportableFlag[];
  /** A confirm has to bring each of them. */
  readonly proofs: readonly ProofName[];
  readonly authorizationInfo?: AuthorizationInfo;
}

/** The proofs that are asked for and were not given. */
export function missingProofs(requirements: Requirements | undefined, given: Proofs): ProofName[] {
  return (requirements?.proofs ?? []).filter((name) => given[name] === undefined);
}
