import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from './api-description.js';
import { ProblemDto, PROBLEM_MEDIA_TYPE } from './problem.js';
import type { ProblemTable, ProblemText } from './problem-table.js';

/** One refusal of an operation, by which the description is written. */
export interface DescribedProblem extends ProblemText {
  readonly code: string;
}

interface ProblemsOptions {
  /** What the door adds to the members of every problem. */
  readonly type?: Type<ProblemDto>;
  /** Refusals under codes that are not of this table. */
  readonly more?: readonly DescribedProblem[];
  /** Statuses whose `code` may be one that nobody has listed, each with what it is. */
  readonly openStatuses?: Readonly<Record<number, string>>;
}

/** What the description of a status is made of; the script that writes it adds what every operation shares. */
export const PROBLEMS_MARK = 'x-problems';

export interface MarkedProblems {
  readonly rows: readonly DescribedProblem[];
  readonly open?: string;
}

/**
 * Describes the refusals of an operation from the table they are made of: each status with its codes, what each is
 * answered for, and what an app does.
 * `@ApiProblems(PROBLEMS, ['NOT_FOUND', 'ORDER_HELD'])`
 */
export function ApiProblems<Code extends string>(
  table: ProblemTable<Code>,
  codes: readonly Code[],
  { type = ProblemDto, more = [], openStatuses = {} }: ProblemsOptions = {},
): MethodDecorator & ClassDecorator {
  const rows = [...codes.map((code) => ({ code, ...table[code] })), ...more];
  const statuses = new Set([...rows.map(({ status }) => status), ...Object.keys(openStatuses).map(Number)]);
  const responses = [...statuses].map((status) => {
    const open = openStatuses[status];
    const marked: MarkedProblems = {
      rows: rows.filter((row) => row.status === status),
      ...(open !== undefined && { open }),
    };
    const content = {
      schema: { $ref: `#/components/schemas/${type.name}` },
      [PROBLEMS_MARK]: marked,
    };
    return ApiResponse({ status, description: '', content: { [PROBLEM_MEDIA_TYPE]: content } });
  });
  return applyDecorators(ApiExtraModels(ProblemDto, type), ...responses);
}
