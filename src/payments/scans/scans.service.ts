import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { refusalFor } from '../../alipay-plus/codes/result-codes.js';
import { writeUserInitiatedPay } from '../../alipay-plus/messages/user-initiated-pay.js';
import { DecodePolicy } from '../../decode/decode-policy.js';
import { DecodeService } from '../../decode/decode.service.js';
import { Arrivals } from '../../payment-order/scan/arrivals.js';
import { ScanStore } from '../../payment-order/scan/scan.store.js';
import type { Scan, ScanWithPayment } from '../../payment-order/scan/scan.js';
import type { Caller } from '../../platform/auth/caller.js';
import { Limits } from '../../platform/limits/limits.js';
import { maySee, mustActFor } from '../caller.js';
import { PaymentsService } from '../payment/payments.service.js';
import { badRequest, refuse, refuseWithResult } from '../payments.problems.js';
import type { CreateScanDto } from './scan.input.js';

/** The words of Alipay+ for it, since it may be them or us who know of the other payer. */
const IN_USE = 'REPEAT_REQ_INCONSISTENT';

/** A payer's scan, from the app's request to the answer. */
@Injectable()
export class ScansService {
  constructor(
    private readonly scans: ScanStore,
    private readonly payments: PaymentsService,
    private readonly decode: DecodeService,
    private readonly arrivals: Arrivals,
    private readonly policy: DecodePolicy,
    private readonly limits: Limits,
  ) {}

  /** Commits the scan, asks Alipay+ at once, and returns the outcome; the same code in flight is asked for once. */
  async create(caller: Caller, dto: CreateScanDto): Promise<ScanWithPayment> {
    mustActFor(caller, dto.customerId);
    // A token made for this customer was counted at the door.
    if (caller.subject === undefined) await this.limits.take('customer', dto.customerId);
    const request = writeUserInitiatedPay(dto);
    if (!request.ok) throw badRequest(request.faults);
    const begun = await this.scans.begin({
      scanId: uuidv7(),
      customerId: dto.customerId,
      codeHash: this.scans.codeHash(dto.codeValue),
      requestBody: request.body,
      windowMs: this.policy.windowMs,
      leaseMs: this.policy.leaseMs,
      traceparent: caller.origin.traceparent,
    });
    const { scan } = begun;
    if (scan.customerId !== dto.customerId) throw refuseWithResult(IN_USE, refusalFor(IN_USE));
    if (begun.outcome === 'standing')
      return this.read(caller, await this.afterWaiting(scan, this.policy.callMs));
    if (begun.mayAskNow) {
      const known = await this.decode.askNow(scan, request.body, caller.origin);
      return known ?? this.read(caller, await this.again(scan));
    }
    await this.decode.askLater(scan, caller.origin);
    return { scan };
  }

  /** @param waitMs how long to wait for a pending scan */
  async find(caller: Caller, scanId: string, waitMs: number): Promise<ScanWithPayment> {
    const scan = await this.scans.find(scanId);
    if (!scan || !maySee(caller, scan.customerId)) throw refuse('NOT_FOUND');
    return this.read(caller, await this.afterWaiting(scan, waitMs));
  }

  private async afterWaiting(scan: Scan, waitMs: number): Promise<Scan> {
    if (scan.status !== 'PENDING' || waitMs === 0) return scan;
    await this.arrivals.wait('scan', scan.scanId, waitMs);
    return this.again(scan);
  }

  private async again(scan: Scan): Promise<Scan> {
    return (await this.scans.find(scan.scanId)) ?? scan;
  }

  private async read(caller: Caller, scan: Scan): Promise<ScanWithPayment> {
    if (scan.paymentId === undefined) return { scan };
    return { scan, payment: await this.payments.find(caller, scan.paymentId) };
  }
}
