import type { FastifyInstance } from 'fastify';
import type { FastifyRequest } from 'fastify';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

/** A group of pages, which registers its own routes below /console. */
export interface ConsolePages {
  serve(fastify: FastifyInstance): void;
}

export interface PaymentRoute {
  readonly Params: { readonly paymentId: PaymentId };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function paymentIdOf(request: FastifyRequest<PaymentRoute>): string {
  const { paymentId } = request.params;
  if (isUuid(paymentId)) return paymentId.toLowerCase();
  throw platformProblem('ROUTE_NOT_FOUND');
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
