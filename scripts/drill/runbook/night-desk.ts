import { randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, listOf, textAt } from '../../demo/json-reading.js';
import { ofProject } from '../../mpp/root.js';
import type { DrillGround } from '../ground/drill-ground.js';
import { PAYERS } from '../ground/payers.js';
import { Troubles } from '../load/troubles.js';
import { WalletApp } from '../load/wallet-app.js';

export interface OwnOrder {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly payAmount: object;
}

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/** The place of a person with the runbook: a shell, an operator's token, figures, and a payer of their own. */
export class NightDesk {
  /** Commands at the desk call this API. */
  private readonly api: string;
  private readonly app: WalletApp;

  constructor(readonly ground: DrillGround) {
    this.api = ground.apiUrls[0] ?? '';
    const { walletApp: token } = ground.tokens;
    this.app = new WalletApp({ apiUrls: [this.api], token, troubles: new Troubles() });
  }

  /**
   * The environment of a shell at the desk: the settings of the service, `mpp`, and the variables that the runbook
   * needs.
   */
  async shell(): Promise<Readonly<Record<string, string>>> {
    const { directory, environment, tokens } = this.ground;
    const folder = join(directory, 'bin');
    await mkdir(folder, { recursive: true });
    const mpp = join(folder, 'mpp');
    await writeFile(
      mpp,
      `#!/bin/sh\nexec '${process.execPath}' '${ofProject('dist/scripts/mpp.js')}' "$@"\n`,
    );
    await chmod(mpp, 0o755);
    return {
      ...environment,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      HOME: directory,
      API: this.api,
      TOKEN: tokens.operator,
      REASON: 'drill',
    };
  }

  /**
   * Posts to the operations API.
   *
   * @throws when it refuses
   */
  async order(path: string): Promise<void> {
    const answer = await fetch(`${this.api}/v1/operations${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.ground.tokens.operator}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ reason: 'drill' }),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  }

  /**
   * Scans a code of its own.
   *
   * @throws where it is refused, or not decoded in time
   */
  async decoded(): Promise<OwnOrder> {
    const codeValue = `twin:S#desk-${randomUUID()}`;
    let answer = await this.app.ask('POST', '/v1/scans', 0, { codeValue, customerId: PAYERS[0] });
    while (answer.status === 202)
      answer = await this.app.ask('GET', `/v1/scans/${textAt(answer.body, 'scanId')}?waitMs=5000`, 0);
    const { payment } = answer.body;
    if (!isRecord(payment) || !isRecord(payment.payAmount))
      throw new Error('a code of the desk is not decoded');
    const { currency, value } = payment.payAmount;
    return {
      paymentId: textAt(payment, 'paymentId'),
      paymentRequestId: textAt(payment, 'paymentRequestId'),
      payAmount: { currency, value },
    };
  }

  async confirm({ paymentId, payAmount }: OwnOrder): Promise<void> {
    await this.app.ask('POST', `/v1/payments/${paymentId}/confirm`, 0, { payAmount });
  }

  /** Scans and confirms. */
  async pay(): Promise<OwnOrder> {
    const order = await this.decoded();
    await this.confirm(order);
    return order;
  }

  async rows(from: string, ...values: readonly unknown[]): Promise<number> {
    return (await this.ground.database.read(`select from ${from}`, values)).length;
  }

  /** Whether Alipay+ has acknowledged that it is paid. */
  async isAcknowledged({ paymentRequestId }: OwnOrder): Promise<boolean> {
    const query = new URLSearchParams({ paymentRequestId });
    const answer = await fetch(`${this.ground.twin.url}/_twin/orders?${query.toString()}`);
    return listOf(await answer.json()).some(({ acknowledgedResult }) => acknowledgedResult === 'S');
  }

  /** One figure of every process. */
  figures(name: string): Promise<number[]> {
    const { apiUrls, workers } = this.ground;
    const urls = [...apiUrls, ...workers.map(({ url }) => url)];
    return Promise.all(
      urls.map(async (url) => {
        const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
        const those = lines.filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
        return those.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
      }),
    );
  }
}

/** @throws when it was not so in time */
export async function untilSo(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${PATIENCE_MS / 1_000} s: ${what}`);
    await sleep(LOOK_AGAIN_MS);
  }
}
