import { SUPPORTABLE_FLAGS } from '../payment-order/order/requirements.js';
import { AND } from './held-reasons.js';

export type ReleaseVerdict =
  /** `judgement` says what the one who releases takes upon themselves. */
  | { readonly mayRelease: true; readonly judgement: string }
  | { readonly mayRelease: false; readonly why: string };

const FLAGS = /^UNSUPPORTED_FLAG: ([A-Za-z]+(?:, [A-Za-z]+)*)$/;
const AMOUNTS = /^AMOUNT_CHECK: ([A-Z_]+)$/;

/**
 * Whether a person may release an order that was held for these reasons. Amounts that do not fit each other are theirs
 * to judge; a flag is, once the wallet does what it asks for. Every other reason names something a payment would skip,
 * and so does every text that is not exactly one of these two.
 */
export function judgeRelease(heldReason: string, supportedFlags: readonly string[]): ReleaseVerdict {
  const verdicts = heldReason.split(AND).map((reason) => judgeReason(reason, supportedFlags));
  const refusal = verdicts.find(({ mayRelease }) => !mayRelease);
  if (refusal) return refusal;
  const judgements = verdicts.flatMap((verdict) => (verdict.mayRelease ? [verdict.judgement] : []));
  return { mayRelease: true, judgement: judgements.join(' ') };
}

/**
 * Whether no person and no setting can ever make an order payable that is held for these reasons. One that waits for the
 * SDK of the payer's app is in the payer's hands: it ends when the payer declines, or expires.
 */
export function isNeverPayable(heldReason: string): boolean {
  return heldReason.split(AND).some((reason) => {
    const flags = FLAGS.exec(reason)?.[1]?.split(', ');
    if (flags) return !flags.every((flag) => SUPPORTABLE_FLAGS.some((supportable) => supportable === flag));
    return reason !== 'HANDLE_BY_SDK' && !AMOUNTS.test(reason);
  });
}

function judgeReason(reason: string, supportedFlags: readonly string[]): ReleaseVerdict {
  if (reason === 'HANDLE_BY_SDK')
    return never('The payer’s app has to go through its SDK first, and we cannot do that for it.');
  const flags = FLAGS.exec(reason)?.[1]?.split(', ');
  if (flags) return judgeFlags(flags, supportedFlags);
  const mismatch = AMOUNTS.exec(reason)?.[1];
  if (mismatch === undefined) {
    return never(
      'The answer of Alipay+ lacks or breaks something that a payment needs. The merchant has to show a new code.',
    );
  }
  return {
    mayRelease: true,
    judgement: `You judge that the amounts are right although they do not fit each other (${mismatch}).`,
  };
}

function judgeFlags(flags: readonly string[], supportedFlags: readonly string[]): ReleaseVerdict {
  const missing = flags.filter((flag) => !supportedFlags.includes(flag));
  if (missing.length > 0) {
    return never(
      `The wallet does not do what ${missing.join(', ')} asks for: SUPPORTED_FLAGS does not name it.`,
    );
  }
  return { mayRelease: true, judgement: `SUPPORTED_FLAGS names ${flags.join(', ')} by now.` };
}

function never(why: string): ReleaseVerdict {
  return { mayRelease: false, why };
}
