export const RESULT_STATUSES = ['S', 'F', 'U'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** The result of one call: `S`, `F.EXPIRED_CODE`, `U.UNKNOWN_EXCEPTION`. */
export interface Step {
  readonly status: ResultStatus;
  readonly code: string;
}

export const DEFAULT_CODES: Readonly<Record<ResultStatus, string>> = {
  S: 'SUCCESS',
  F: 'PROCESS_FAIL',
  U: 'UNKNOWN_EXCEPTION',
};

export interface Result {
  readonly resultCode: string;
  readonly resultStatus: ResultStatus;
  readonly resultMessage: string;
}

const MAX_MESSAGE_CHARACTERS = 256;

export function resultOf(step: Step, detail?: string): Result {
  const message = detail ?? MESSAGES[step.code] ?? step.code.toLowerCase().replaceAll('_', ' ');
  return {
    resultCode: step.code,
    resultStatus: step.status,
    resultMessage: Array.from(message).slice(0, MAX_MESSAGE_CHARACTERS).join(''),
  };
}

export function failed(code: string, detail?: string): Result {
  return resultOf({ status: 'F', code }, detail);
}

const MESSAGES: Readonly<Record<string, string>> = {
  SUCCESS: 'success',
  EXPIRED_CODE: 'this code is no longer valid',
  INVALID_CLIENT: 'no such client',
  INVALID_CODE: 'this code cannot be read',
  INVALID_SIGNATURE: 'the signature does not fit the message',
  KEY_NOT_FOUND: 'no key of that version is registered',
  MEDIA_TYPE_NOT_ACCEPTABLE: 'the body must be application/json',
  METHOD_NOT_SUPPORTED: 'only POST is served here',
  NO_INTERFACE_DEF: 'there is no such API',
  ORDER_IS_CLOSED: 'the order is closed',
  ORDER_NOT_EXIST: 'no such order',
  PARAM_ILLEGAL: 'a parameter is wrong',
  PROCESS_FAIL: 'the business failed for good',
  REPEAT_REQ_INCONSISTENT: 'an earlier request with the same key said something else',
  REQUEST_TRAFFIC_EXCEED_LIMIT: 'too many calls, slow down',
  UNKNOWN_EXCEPTION: 'something went wrong, ask again',
};
