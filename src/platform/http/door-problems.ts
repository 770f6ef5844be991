import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Ports } from './ports.js';
import type { Problem } from './problem.js';

/** An answer in the words of a door whose callers do not read problem documents. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Undefined: the problem is answered like any other. */
export type AnswerProblem = (problem: Problem, request: FastifyRequest) => Promise<DoorAnswer | undefined>;

/**
 * How the addresses of a door are answered what is refused before any handler runs: a wrong method, a body that is too
 * large or of an unsupported type. The door names them when it opens.
 */
@Injectable()
export class DoorProblems {
  private readonly doors = new Map<string, AnswerProblem>();

  constructor(private readonly ports: Ports) {}

  answerAt(path: string, answer: AnswerProblem): void {
    this.doors.set(path, answer);
  }

  /** Undefined for an address without words of its own, and at the management port, where no door is. */
  at(request: FastifyRequest): AnswerProblem | undefined {
    if (this.ports.of(request.raw) === 'management') return undefined;
    return this.doors.get(request.url.split('?', 1)[0] ?? '');
  }
}
