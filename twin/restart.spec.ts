import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningTwin } from './start-twin.js';
import { CANCEL_PATH, inquired, INQUIRY_PATH, result, startFakeMpp } from './test/fake-mpp.js';
import { eventually, getJson, orderOf, postJson, startTestTwin, unique } from './test/running-twin.js';
import { decode, notify, paidNotification } from './test/signed-call.js';

jest.setTimeout(60_000);

let dataDir: string;
let twin: RunningTwin;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'twin-'));
  twin = await startTestTwin({ dataDir });
});
afterEach(async () => {
  await twin.close();
  await rm(dataDir, { recursive: true });
});

async function restart(options: Parameters<typeof startTestTwin>[0] = {}): Promise<void> {
  await twin.close();
  twin = await startTestTwin({ dataDir, ...options });
}

describe('after a restart', () => {
  it('the twin continues, and every order reads the same', async () => {
    const { url } = twin;
    const code = unique('twin:S;promo=5JPY');
    const order = (await decode(twin.url, code)).json;
    await notify(twin.url, paidNotification(order));
    await notify(twin.url, { ...paidNotification(order), paymentId: 'OTHER' });
    const before = [await getJson(`${twin.url}/_twin/orders`), await defects()];
    await restart();
    expect(twin.url).toBe(url);
    const after = [await getJson(`${twin.url}/_twin/orders`), await defects()];
    expect(after).toEqual(before.map((rows) => withoutInFlight(rows)));
  });

  it('a code goes on with its next step, for its owner, and its order has the same bytes', async () => {
    const code = unique('twin:U,S');
    await decode(twin.url, code);
    await restart();
    expect((await decode(twin.url, code, 'customer-2')).json.result?.resultCode).toBe(
      'REPEAT_REQ_INCONSISTENT',
    );
    const first = await decode(twin.url, code);
    expect(first.json.result?.resultStatus).toBe('S');
    await restart();
    expect((await decode(twin.url, code)).text).toBe(first.text);
  });

  it('a repeated notification is still compared with the first', async () => {
    const order = (await decode(twin.url, unique('twin:S'))).json;
    await notify(twin.url, paidNotification(order));
    await restart();
    expect((await notify(twin.url, paidNotification(order))).json.result?.resultStatus).toBe('S');
    const changed = { ...paidNotification(order), paymentId: 'OTHER' };
    expect((await notify(twin.url, changed)).json.result?.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
  });

  it('a cancel that was not settled is continued, and so are inquiries', async () => {
    const mpp = await startFakeMpp();
    try {
      mpp.answer(CANCEL_PATH, result('U', 'UNKNOWN_EXCEPTION'));
      const cancelled = unique('twin:S');
      const id = String((await decode(twin.url, cancelled)).json['paymentRequestId']);
      const asked = unique('twin:S');
      await decode(twin.url, asked);
      await restart({ mppBaseUrl: mpp.url, cancelGapMs: 3_600_000 });
      await postJson(`${twin.url}/_twin/orders/${id}/cancel`);
      mpp.answer(CANCEL_PATH, result('S', 'SUCCESS'));
      mpp.answer(INQUIRY_PATH, inquired({ resultStatus: 'S', resultCode: 'SUCCESS' }));
      await restart({ mppBaseUrl: mpp.url, inquiryGapsMs: [1] });
      await eventually(
        () => orderOf(twin, cancelled),
        (seen) => seen.status === 'CANCELLED',
      );
      await eventually(
        () => orderOf(twin, asked),
        (seen) => seen['inquiryCount'] === 1,
      );
    } finally {
      await mpp.close();
    }
  });

  it('a cancel that was under way is sent again', async () => {
    const mpp = await startFakeMpp();
    try {
      mpp.answer(CANCEL_PATH, { body: null, isSilent: true });
      await restart({ mppBaseUrl: mpp.url });
      const code = unique('twin:S');
      const id = String((await decode(twin.url, code)).json['paymentRequestId']);
      postJson(`${twin.url}/_twin/orders/${id}/cancel`).catch(() => undefined);
      await eventually(
        () => Promise.resolve(mpp.seen.length),
        (calls) => calls === 1,
      );
      mpp.answer(CANCEL_PATH, result('S', 'SUCCESS'));
      await restart({ mppBaseUrl: mpp.url });
      await eventually(
        () => orderOf(twin, code),
        (seen) => seen.status === 'CANCELLED',
      );
    } finally {
      await mpp.close();
    }
  });

  it('a late success is still followed by its cancel, and a settled cancel is not sent again', async () => {
    const mpp = await startFakeMpp();
    try {
      const code = unique('twin:S;expire=1ms');
      const order = (await decode(twin.url, code)).json;
      const expiresAtMs = Date.parse(String(order['paymentExpiryTime']));
      await eventually(
        () => Promise.resolve(Date.now()),
        (now) => now > expiresAtMs + 1,
      );
      await notify(twin.url, paidNotification(order));
      const inTime = unique('twin:S');
      await notify(twin.url, paidNotification((await decode(twin.url, inTime)).json));
      for (let start = 0; start < 2; start += 1) {
        await restart({ mppBaseUrl: mpp.url });
        await eventually(
          () => orderOf(twin, code),
          (seen) => seen.status === 'CANCELLED',
        );
        await decode(twin.url, code);
      }
      const id = String(order['paymentRequestId']);
      await postJson(`${twin.url}/_twin/orders/${id}/inquire`);
      expect(mpp.seen.map((call) => [call.path, call.body['paymentRequestId']])).toEqual([
        [CANCEL_PATH, id],
        [INQUIRY_PATH, id],
      ]);
      expect(await orderOf(twin, inTime)).toMatchObject({ status: 'PAID' });
    } finally {
      await mpp.close();
    }
  });

  it('a reset stays a reset', async () => {
    await decode(twin.url, unique('twin:S'));
    await postJson(`${twin.url}/_twin/reset`);
    const code = unique('twin:S');
    await decode(twin.url, code);
    await restart();
    const rows = await getJson<{ codeValue: string }[]>(`${twin.url}/_twin/orders`);
    expect(rows.map((row) => row.codeValue)).toEqual([code]);
  });

  it('only the line torn by a kill is lost, and later lines are kept', async () => {
    const [before, after] = [unique('twin:S'), unique('twin:S')];
    await decode(twin.url, before);
    await twin.close();
    await appendFile(join(dataDir, 'journal.jsonl'), '{"kind":"call","codeValue":"twin:S#珈'.slice(0, -1));
    twin = await startTestTwin({ dataDir });
    await decode(twin.url, after);
    await restart();
    const rows = await getJson<{ codeValue: string }[]>(`${twin.url}/_twin/orders`);
    expect(rows.map((row) => row.codeValue)).toEqual([before, after]);
  });

  it('another port is used when another program has the old one', async () => {
    const { port } = twin;
    await twin.close();
    const squatter = await squat(port);
    twin = await startTestTwin({ dataDir });
    expect(twin.port).not.toBe(port);
    await new Promise((resolve) => squatter.close(resolve));
  });

  it('a useless port file does not prevent a start', async () => {
    await twin.close();
    await writeFile(join(dataDir, 'port'), 'nonsense');
    twin = await startTestTwin({ dataDir });
    expect(Number(await readFile(join(dataDir, 'port'), 'utf8'))).toBe(twin.port);
  });
});

function defects(): Promise<unknown> {
  return getJson<{ defects: unknown }>(`${twin.url}/_twin/summary`).then((summary) => summary.defects);
}

/** The number of calls at once is not in the journal. */
function withoutInFlight(rows: unknown): unknown {
  const text = JSON.stringify(rows).replaceAll(/"maxInFlight":\d+/g, '"maxInFlight":0');
  return JSON.parse(text);
}

async function squat(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
