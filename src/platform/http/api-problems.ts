import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from './api-description.js';
import { PLATFORM_PROBLEMS } from './platform-problems.js';
import { ProblemDto, PROBLEM_MEDIA_TYPE } from './problem.js';
import type { ProblemTable } from './problem-table.js';

interface ProblemsOptions {
  /** What the door adds to the members of every problem. */
  readonly type?: Type<ProblemDto>;
  /** Statuses whose `code` is not only one of ours, each with what it is. */
  readonly openStatuses?: Readonly<Record<number, string>>;
}

/**
 * Describes the refusals of an operation from the table they are made of: each status with its codes and their titles,
 * and under `default` those every operation shares.
 * `@ApiProblems(PROBLEMS, ['NOT_FOUND', 'ORDER_HELD'])`
 */
export function ApiProblems<Code extends string>(
  table: ProblemTable<Code>,
  codes: readonly Code[],
  { type = ProblemDto, openStatuses = {} }: ProblemsOptions = {},
): MethodDecorator & ClassDecorator {
  const statuses = [...codes.map((code) => table[code].status), ...Object.keys(openStatuses).map(Number)];
  const responses = [...new Set(statuses)].map((status) => {
    const own = codes.filter((code) => table[code].status === status);
    const open = openStatuses[status];
    const texts = [
      ...own.map((code) => `${code}: ${table[code].title}.`),
      ...(open === undefined ? [] : [open]),
    ];
    const named = open === undefined ? [...own, ...sharedAt(status)] : [];
    return ApiResponse({ status, description: texts.join(' '), content: contentOf(type, named) });
  });
  const others = ApiResponse({
    status: 'default',
    description: 'A refusal that any operation can answer with.',
    content: contentOf(ProblemDto, Object.keys(PLATFORM_PROBLEMS)),
  });
  return applyDecorators(ApiExtraModels(ProblemDto, type), ...responses, others);
}

function sharedAt(status: number): string[] {
  return Object.entries(PLATFORM_PROBLEMS).flatMap(([code, problem]) =>
    problem.status === status ? [code] : [],
  );
}

function contentOf(type: Type<ProblemDto>, codes: readonly string[]): Record<string, { schema: object }> {
  const reference = { $ref: `#/components/schemas/${type.name}` };
  const unique = [...new Set(codes)];
  const schema =
    unique.length === 0 ? reference : { allOf: [reference, { properties: { code: { enum: unique } } }] };
  return { [PROBLEM_MEDIA_TYPE]: { schema } };
}
