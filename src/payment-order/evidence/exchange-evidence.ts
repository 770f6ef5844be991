/** Evidence of one call, kept beside the scan. */
export interface ExchangeEvidence {
  readonly outcome: 'accepted' | 'rejected' | 'unknown';
  readonly reason?: string;
  readonly resultCode?: string;
  readonly httpStatus?: number;
  readonly durationMs: number;
  readonly requestTime: string;
  readonly keyVersion: string;
  readonly answer?: Buffer;
}

/** The evidence in the order the statements number it. */
export function evidenceValues(evidence: ExchangeEvidence): unknown[] {
  return [
    Math.round(evidence.durationMs),
    evidence.outcome,
    evidence.reason ?? null,
    evidence.resultCode ?? null,
    evidence.httpStatus ?? null,
    evidence.requestTime,
    evidence.keyVersion,
    evidence.answer ?? null,
  ];
}
