import type { NotifyStep } from '../script/script.js';
import { resultOf } from '../wire/result.js';
import { markedRedirect } from './paths.js';
import { garbageReply, htmlReply, resultReply, type Reply } from './reply.js';

/** Larger than any reader should accept: a correctly signed acknowledgement followed by blanks. */
const HUGE_BODY_BYTES = 8 * 1024 * 1024;

const ACKNOWLEDGED = resultOf({ status: 'S', code: 'SUCCESS' });
const NOT_YET = resultOf({ status: 'U', code: 'UNKNOWN_EXCEPTION' });

/** The answer of a step that does not acknowledge. */
export function notifyReply(step: NotifyStep, uri: string): Reply {
  switch (step.kind) {
    case 'result':
      return resultReply(resultOf(step.step));
    case 'http':
      return resultReply(NOT_YET, 'signed', step.httpStatus);
    case '200html':
      return htmlReply(200);
    case 'unsigned':
    case 'badsig':
      return resultReply(ACKNOWLEDGED, step.kind);
    case 'redirect':
      return { ...htmlReply(307), location: markedRedirect(uri) };
    case 'huge':
      return hugeReply();
    case 'garbage':
      return garbageReply();
    default:
      return { httpStatus: 200, body: Buffer.alloc(0), dress: 'signed', result: null };
  }
}

function hugeReply(): Reply {
  const body = Buffer.alloc(HUGE_BODY_BYTES, ' ');
  body.write(JSON.stringify({ result: ACKNOWLEDGED }));
  return { httpStatus: 200, body, dress: 'signed', result: null };
}
