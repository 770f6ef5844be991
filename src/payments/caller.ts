import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { Principal } from '../platform/auth/caller.js';
import { refuse } from './payments.problems.js';
import type { CustomerId } from '../payment-order/order/ids.js';

/** The scope of a token of a wallet app or its back end. */
export const PAYMENTS_WRITE = 'payments:write';

/** Lets a token only read scans and payments, as a receipt printer or a help desk of the app does. */
export const PAYMENTS_READ = 'payments:read';

/** A token made for one customer may act for no other. */
export function mustActFor(caller: Principal, customerId: CustomerId): void {
  if (caller.subject !== undefined && caller.subject !== customerId) throw refuse('FORBIDDEN_CUSTOMER');
}

/** Whether this token may see what belongs to the customer; anything else does not exist for it. */
export function maySee(caller: Principal, customerId: CustomerId): boolean {
  return caller.subject === undefined || caller.subject === customerId;
}

/** Our ids are UUIDs: anything else in the path names nothing, and is answered like any other unknown id. */
@Injectable()
export class KnownIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isUUID(id)) throw refuse('NOT_FOUND');
    return id;
  }
}
