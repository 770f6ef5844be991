/**
 * The settings of the service in a drill: as in production, with shorter waits, so that an hour of trouble fits into
 * minutes. The longest time a killed process can hold a row is its lease, which follows from the two time-outs; only
 * the lease of a debit is as in production, 15 s.
 */
export const DRILL_SETTINGS: Readonly<Record<string, string>> = {
  LOG_FORMAT: 'json',
  LOG_LEVEL: 'info',
  DATABASE_POOL_SIZE: '6',
  DATABASE_READING_POOL_SIZE: '2',
  ALIPAYPLUS_TIMEOUT_MS: '2000',
  ALIPAYPLUS_NOTIFY_TIMEOUT_MS: '2000',
  WALLET_LEDGER_TIMEOUT_MS: '1500',
  DECODE_RETRY_BASE_MS: '200',
  DECODE_RETRY_MAX_MS: '1000',
  DECODE_STOP_MS: '2000',
  NOTIFY_SCHEDULE_MS: '200,500,1000',
  NOTIFY_BREAKER_OPEN_MS: '1000',
  SWEEP_INTERVAL_MS: '250',
  SWEEP_GRACE_MS: '500',
  SHUTDOWN_GRACE_MS: '5000',
};

/** How long one call of the twin waits for the service, and how often it inquires about orders without a result. */
export const TWIN_SETTINGS: Readonly<Record<string, string>> = {
  TWIN_INQUIRY_GAPS_MS: '3000,6000',
  TWIN_CANCEL_GAP_MS: '1000',
};

export const CLIENT_ID = 'TEST_5X00000000000000';
