import type { Origin } from '../tracing/origin.js';
import { ApiProperty, ApiPropertyOptional } from './api-description.js';

/** One field of a request that was refused, and the rule it breaks in plain words. */
export class FieldFaultDto {
  @ApiProperty({ example: 'payAmount.value' }) readonly field!: string;
  @ApiProperty({ example: 'must be a string of digits, a natural number from 1' }) readonly rule!: string;
}

export type FieldFault = FieldFaultDto;

/** The body of a refusal (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ example: 'urn:problem:NOT_FOUND' }) readonly type!: string;
  @ApiProperty({ description: 'For people.' }) readonly title!: string;
  @ApiProperty({ type: 'integer', description: 'The HTTP status.' }) readonly status!: number;
  @ApiPropertyOptional({ description: 'For people.' }) readonly detail?: string;
  @ApiProperty({ description: 'Stable: decide by it.' }) readonly code!: string;
  @ApiProperty({ description: 'Name it to support; the log has it too.' }) readonly requestId!: string;
  @ApiPropertyOptional({ description: 'Of the trace that the request belongs to, while tracing is on.' })
  readonly traceId?: string;
  @ApiPropertyOptional({ description: 'What the app does next. Stable: decide by it.' })
  readonly action?: string;
  @ApiPropertyOptional({
    description: 'For an app that translates: the key of its text in `docs/app-texts.json`.',
  })
  readonly messageKey?: string;
  @ApiPropertyOptional({ type: [FieldFaultDto], description: 'Every field that breaks a rule.' })
  readonly errors?: readonly FieldFaultDto[];
}

/** A refusal as a client may see it: fixed text, a stable code, nothing internal. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  /** Further members a door adds to the body; they cannot replace the ones every problem has. */
  readonly extra?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The RFC 9457 body of a problem. `type` names the code too, so that clients that only know the RFC can tell. */
export function problemBody(
  problem: Problem,
  { requestId = '', traceId }: Pick<Origin, 'requestId'> & Partial<Pick<Origin, 'traceId'>>,
): ProblemDto {
  return {
    ...problem.extra,
    type: `urn:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}

/** Thrown by a door, a guard or a pipe to answer a request with exactly this problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    options?: { readonly cause?: unknown },
  ) {
    super(problem.code, options);
  }
}
