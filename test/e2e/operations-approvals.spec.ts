import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { ApprovalStore } from '../../src/payment-order/operator/approval.store.js';
import { Database } from '../../src/platform/database/database.js';
import pg from 'pg';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ask } from '../support/database/ask.js';
import { ApiClient, type ApiAnswer, type Json } from '../support/service/api-client.js';
import { park, parkable } from '../support/service/parked-payment.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(90_000);

const FITS_NOT = 'twin:S;pay=1000JPY;payTo=1HKD;rate=8.5614';

let test: TestService;
let approver: ApiClient;
let otherApprover: ApiClient;
/** One person with two tokens: one for proposing, the other for approving. */
let ann: { readonly desk: ApiClient; readonly lead: ApiClient };

beforeAll(async () => {
  test = await startTestService({
    environment: {
      AMOUNT_CHECK: 'reject',
      APPROVAL_REQUIRED: 'all',
      APPROVAL_RESEND_LIMIT: '1',
      API_KEYS_REFRESH_MS: '100',
    },
  });
  await parkable(test);
  approver = new ApiClient(test.url, test.tokens.approver);
  otherApprover = new ApiClient(test.url, test.tokens.otherApprover);
  ann = {
    desk: await keyOf('desk', ['payments:operate'], 'ann'),
    lead: await keyOf('lead', ['payments:operate', 'payments:approve'], 'Ann'),
  };
});
afterEach(() => setClock('clock_timestamp()'));
afterAll(() => test.stop());

async function keyOf(name: string, scopes: readonly string[], customerId: string): Promise<ApiClient> {
  const token = randomUUID();
  const sha256 = createHash('sha256').update(token).digest('hex');
  const { apiKeysFile } = test.tokens;
  const keys: object[] = JSON.parse(readFileSync(apiKeysFile, 'utf8'));
  writeFileSync(apiKeysFile, JSON.stringify([...keys, { name, sha256, scopes, customerId }]));
  const client = new ApiClient(test.url, token);
  await until('the key is known', async () => (await client.operations('/approvals')).status === 200);
  return client;
}

/** Sets `db_now()`. */
const setClock = (expression: string) =>
  ask(
    test.database.url,
    `create or replace function db_now() returns timestamptz language sql volatile parallel safe
     as $$ select ${expression} $$`,
  );

/** Its lifetime is longer than the clock is moved. */
const held = async (): Promise<string> =>
  (await test.app.decodedPayment(`${FITS_NOT};expire=3600s#${randomUUID()}`)).paymentId;
const release = (paymentId: string, by = test.operator, body: object = {}): Promise<ApiAnswer> =>
  by.send('POST', `/v1/operations/payments/${paymentId}/acts/release`, { reason: 'ticket 4711', ...body });
const proposed = async (paymentId: string, by = test.operator): Promise<Json> => {
  const answer = await release(paymentId, by);
  expect(answer).toMatchObject({ status: 202, body: { status: 'PROPOSED', action: 'release', paymentId } });
  return answer.body;
};
const decide = (by: ApiClient, { approvalId }: Json, decision = 'approve'): Promise<ApiAnswer> =>
  by.send('POST', `/v1/operations/approvals/${approvalId}/${decision}`, { reason: 'rate is agreed' });
const view = async (paymentId: string): Promise<Json> =>
  (await test.operator.operations(`/payments/${paymentId}`)).body;
const released = ({ timeline }: Json): Json[] => timeline.filter(({ what }: Json) => what === 'RELEASED');

describe('an act that may move money', () => {
  it('is proposed by one person, done by the approval of another, and recorded with both names', async () => {
    const paymentId = await held();
    const rehearsed = await release(paymentId, test.operator, { dryRun: true });
    expect(rehearsed).toMatchObject({ status: 200, body: { needsApproval: true, changed: false } });
    const answer = await release(paymentId);
    expect(answer.headers.get('location')).toBe(`/v1/operations/approvals/${answer.body.approvalId}`);
    expect(answer.body).toMatchObject({
      effect: rehearsed.body.effect,
      proposedBy: 'operator:operator',
      reason: 'ticket 4711',
    });
    expect((await view(paymentId)).status).toBe('HELD');
    // The same person's second request gives the same proposal.
    expect((await release(paymentId)).body.approvalId).toBe(answer.body.approvalId);
    const list = await approver.operations(`/approvals?paymentId=${paymentId}`);
    expect(list.body.approvals).toEqual([answer.body]);
    const done = await decide(approver, answer.body);
    expect(done).toMatchObject({
      status: 200,
      body: { status: 'DONE', decidedBy: 'operator:approver', decisionReason: 'rate is agreed' },
    });
    const seen = await view(paymentId);
    const both = 'operator:operator, approved by operator:approver';
    expect(seen).toMatchObject({
      status: 'AWAITING_CONFIRMATION',
      acts: [{ act: 'release', outcome: 'DONE', actor: both, reason: 'ticket 4711' }],
      approvals: [{ approvalId: answer.body.approvalId, status: 'DONE' }],
    });
    const story = seen.timeline.filter(({ what }: Json) => /APPROVAL|RELEASED/.test(what));
    expect(story.map(({ what, actor }: Json) => [what, actor])).toEqual([
      ['APPROVAL_ASKED', 'operator:operator'],
      ['APPROVAL_GIVEN', 'operator:approver'],
      ['RELEASED', both],
    ]);
    expect((await approver.operations(`/approvals?paymentId=${paymentId}`)).body.approvals).toEqual([]);
    expect((await approver.operations(`/approvals/${answer.body.approvalId}`)).body).toEqual(done.body);
  });

  it('is never approved by the same person, whatever the token, nor without the scope', async () => {
    const mine = await proposed(await held(), ann.desk);
    expect(mine.proposedBy).toBe('operator:desk/ann');
    for (const decision of ['approve', 'reject'])
      expect(await decide(ann.lead, mine, decision)).toMatchObject({
        status: 403,
        body: { code: 'SECOND_PERSON_NEEDED' },
      });
    expect((await decide(test.operator, mine)).status).toBe(403);
    expect((await decide(ann.desk, mine)).body.code).toBe('FORBIDDEN');
    const own = await proposed(await held(), otherApprover);
    expect((await decide(otherApprover, own)).body.code).toBe('SECOND_PERSON_NEEDED');
    expect((await approver.operations(`/approvals/${own.approvalId}`)).body.status).toBe('PROPOSED');
    expect((await test.app.operations('/approvals')).status).toBe(403);
    expect((await decide(approver, { approvalId: randomUUID() })).status).toBe(404);
    expect((await release(await held(), approver)).status).toBe(403);
  });

  it('is done once when many approve and reject it at the same moment', async () => {
    const first = await held();
    const twice = await proposed(first);
    const answers = await Promise.all(
      [approver, otherApprover, approver, otherApprover].map((by) => decide(by, twice)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect(released(await view(first))).toHaveLength(1);
    for (let round = 0; round < 4; round += 1) {
      const paymentId = await held();
      const proposal = await proposed(paymentId);
      const [approved, rejected] = await Promise.all([
        decide(approver, proposal),
        decide(otherApprover, proposal, 'reject'),
      ]);
      expect([approved.status, rejected.status].toSorted()).toEqual([200, 409]);
      const { status } = (await approver.operations(`/approvals/${proposal.approvalId}`)).body;
      expect(status).toBe(approved.status === 200 ? 'DONE' : 'REJECTED');
      expect(released(await view(paymentId))).toHaveLength(approved.status === 200 ? 1 : 0);
    }
  });

  it('is not done once it is rejected, has expired, or its payment has changed', async () => {
    const rejected = await proposed(await held());
    expect((await decide(approver, rejected, 'reject')).body.status).toBe('REJECTED');
    expect((await decide(otherApprover, rejected)).body).toMatchObject({
      code: 'APPROVAL_DECIDED',
      approvalStatus: 'REJECTED',
    });
    const paymentId = await held();
    const stale = await proposed(paymentId);
    await test.operator.send('POST', `/v1/operations/payments/${paymentId}/acts/close`, { reason: 'gone' });
    expect((await decide(approver, stale)).body.code).toBe('APPROVAL_STALE');
    expect((await view(paymentId)).status).toBe('CANCELLED');
    const late = await proposed(await held());
    await setClock(`'${late.expiresAt}'::timestamptz + interval '1 ms'`);
    expect((await decide(approver, late)).body.code).toBe('APPROVAL_EXPIRED');
    expect((await decide(approver, late, 'reject')).body.code).toBe('APPROVAL_EXPIRED');
    expect((await view(late.paymentId)).approvals[0].status).toBe('EXPIRED');
    expect(released(await view(late.paymentId))).toEqual([]);
  });

  it('interrupted between approval and act is shown as such, and is not done a second time', async () => {
    const proposal = await proposed(await held());
    const pool = new pg.Pool({ connectionString: test.database.url, max: 1 });
    const person = { actor: 'operator:approver', name: 'approver' };
    // All that a killed process had committed.
    await new ApprovalStore(new Database(pool)).decide(proposal.approvalId, 'APPROVED', person, 'agreed');
    await pool.end();
    expect((await decide(otherApprover, proposal)).body).toMatchObject({
      code: 'APPROVAL_DECIDED',
      approvalStatus: 'APPROVED',
    });
    await setClock(`clock_timestamp() + interval '10 minutes'`);
    const seen = await view(proposal.paymentId);
    expect([seen.status, seen.approvals[0].status, released(seen)]).toEqual(['HELD', 'INTERRUPTED', []]);
    await setClock('clock_timestamp()');
    const again = await proposed(proposal.paymentId);
    expect((await decide(otherApprover, again)).body.status).toBe('DONE');
  });

  it('needs no second person when it moves no money', async () => {
    const paymentId = await held();
    const { body } = await test.operator.operations(`/payments/${paymentId}/acts`);
    expect(body.acts.map(({ act, needsApproval }: Json) => [act, needsApproval])).toEqual([
      ['redeliver', false],
      ['ask-ledger', false],
      ['close', false],
      ['release', true],
    ]);
  });
});

describe('resending more than one person may alone', () => {
  it('waits for a second person, then sends exactly those', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const many = (body: object): Promise<ApiAnswer> =>
      test.operator.send('POST', '/v1/operations/redeliver', { since, reason: 'mended', ...body });
    const first = await park(test);
    expect((await many({})).body).toMatchObject({ found: 1, needsApproval: false });
    const second = await park(test);
    expect((await many({})).body).toMatchObject({ dryRun: true, found: 2, needsApproval: true });
    const answer = await many({ dryRun: false });
    expect(answer).toMatchObject({ status: 202, body: { action: 'redeliver-many', count: 2 } });
    expect(answer.body.targets.toSorted()).toEqual([first, second].toSorted());
    expect((await view(first)).notification.status).toBe('PARKED');
    expect((await decide(approver, answer.body)).body.status).toBe('DONE');
    await untilNotified(test.operator, first);
    const { acts } = await untilNotified(test.operator, second);
    expect(acts[0].actor).toBe('operator:operator, approved by operator:approver');
  });
});

describe('in the console', () => {
  it('one proposes on the page of the payment, another approves on the page of proposals', async () => {
    const paymentId = await held();
    const desk = new ConsoleClient(test.url);
    const lead = new ConsoleClient(test.url);
    await desk.signIn(test.tokens.operator);
    expect((await lead.signIn(test.tokens.approver)).status).toBe(303);
    const path = `/console/payments/${paymentId}/acts/release`;
    expect((await desk.get(path)).text).toContain('a second person has to approve it');
    await desk.post(path, { reason: 'the rate was agreed' });
    const page = (await desk.get(`/console/payments/${paymentId}`)).text;
    expect(page).toContain('Release the order: waits for a second person.');
    const [, approvalId = ''] = /approvals#approval-([\w-]{36})/.exec(page) ?? [];
    const waiting = '/console/approvals';
    expect((await desk.get(waiting)).text).not.toContain('>Approve<');
    expect((await lead.get(waiting)).text).toContain(`${waiting}/${approvalId}/approve`);
    expect((await desk.post(`${waiting}/${approvalId}/approve`, { reason: 'x' }, waiting)).status).toBe(403);
    expect((await lead.post(`${waiting}/${approvalId}/approve`, { reason: ' ' }, waiting)).status).toBe(400);
    expect((await lead.post(`${waiting}/${approvalId}/approve`, { reason: 'yes' }, waiting)).status).toBe(
      303,
    );
    const late = await lead.post(`${waiting}/${approvalId}/reject`, { reason: 'no' }, waiting);
    expect(late).toMatchObject({
      status: 409,
      text: expect.stringContaining('approved or rejected this already'),
    });
    expect((await view(paymentId)).status).toBe('AWAITING_CONFIRMATION');
  });

  it('resends marked results only when a second person approves, and releases each by itself', async () => {
    const desk = new ConsoleClient(test.url);
    await desk.signIn(test.tokens.operator);
    const csrf = async (): Promise<[string, string]> => [
      'csrf',
      /name="csrf" value="([^"]+)"/.exec((await desk.get('/console/preferences')).text)?.[1] ?? '',
    ];
    const bulk = async (act: string, ids: readonly string[]) =>
      desk.postForm('/console/bulk', [
        await csrf(),
        ['act', act],
        ['step', 'do'],
        ['reason', 'ticket 1'],
        ...ids.map((id): [string, string] => ['paymentId', id]),
      ]);
    const parked = [await park(test), await park(test)];
    expect(await bulk('redeliver', parked)).toMatchObject({ status: 303, location: '/console/approvals' });
    expect((await view(parked[0] ?? '')).notification.status).toBe('PARKED');
    const both = [await held(), await held()];
    expect((await bulk('release', both)).text).toContain('Waits for approval.');
    for (const paymentId of both)
      expect(await view(paymentId)).toMatchObject({ status: 'HELD', approvals: [{ status: 'PROPOSED' }] });
  });
});
