/** What payers and operators notice while a part is away, for the engineer on call. */
export const HEALTH_MEANINGS: Readonly<Record<string, string>> = {
  database:
    'Payers are answered 503 and asked to come again; nothing is debited. What was begun goes on afterwards.',
  reading: 'Operators cannot search or export; payers notice nothing.',
  queues: 'Payments go on; what is not done at once is done some seconds later, by the sweeper.',
  queuesPaused:
    'Payers can scan and pay; what goes on in the background waits until an operator resumes the queue. Deadlines go on.',
  alipayplus:
    'Payers wait for what a code means; most are told to scan again when the time for it is over. Nothing is debited meanwhile.',
  ledger:
    'Payers who confirm wait, and may have paid: the ledger is asked by key until it says. Money that has to go back waits too.',
  notifyHosts:
    'Payments are paid as ever; a merchant may wait for the result, which is sent again by itself.',
  eventEndpoints: 'Payers notice nothing; the back end of the wallet learns of changes later.',
  standby: 'Payers notice nothing. If the primary dies now, the last payments may be lost with it.',
  clock:
    'Calls go on: what we sign carries the time of the database or of the receiver. Tokens may be refused as expired or not yet valid.',
  clockLimit: 'This process takes no new scan, confirm or job until its clock is set right; the others do.',
};
