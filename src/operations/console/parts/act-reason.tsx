import type { JSX } from 'preact';
import { LONGEST_REASON } from '../../reason.js';

/** The field for the reason of an act; without a reason the form is shown again. */
export function Why({ isFaulty }: { isFaulty: boolean }): JSX.Element {
  return (
    <>
      <label for="reason">Why</label>
      <input
        id="reason"
        name="reason"
        class="wide"
        required
        maxLength={LONGEST_REASON}
        autocomplete="off"
        aria-describedby="reason-note"
        aria-invalid={isFaulty ? 'true' : undefined}
        autofocus
      />
      {isFaulty && (
        <p class="fault" role="alert">
          {`Say why, in at most ${LONGEST_REASON} characters.`}
        </p>
      )}
      <p id="reason-note" class="note">
        It is kept in the history of the payment, with your name and the time.
      </p>
    </>
  );
}
