import { randomUUID } from 'node:crypto';
import { Injectable, Optional } from '@nestjs/common';
import {
  ServiceSwitches,
  setSwitch,
  type SwitchChange,
  type Switches,
} from '../../platform/control/service-switches.js';
import type { Database } from '../../platform/database/database.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { AlipayPlusKeys } from './alipay-plus-keys.js';

/** Its value changes with every order to read the keys again. */
const SWITCH = 'alipayplus.keys';

type OrderedBy = Omit<SwitchChange, 'name' | 'value'>;

/** Has every process of a database read its keys again; for programs beside the service. */
export async function orderReload(database: Database, by: OrderedBy): Promise<void> {
  await setSwitch(database, { ...by, name: SWITCH, value: randomUUID() });
}

/** What one process signs and verifies with. */
export interface KeysInUse {
  readonly signWith: string;
  readonly ownVersions: readonly string[];
  readonly alipayPlusVersions: readonly string[];
}

export type KeyReload =
  | ({ readonly outcome: 'reloaded' } & KeysInUse)
  /** The new files are faulty; what was in use stays in use. */
  | ({ readonly outcome: 'kept'; readonly fault: string } & KeysInUse);

/** Reads the keys again while the service runs: on SIGHUP in this process, by an operator's order in all of them. */
@Injectable()
export class KeyReloads {
  /** The order that was followed last. */
  private followed: string | undefined;
  private isFaulty = false;

  /** @param switches absent where there is no database */
  constructor(
    private readonly keys: AlipayPlusKeys,
    private readonly log: EventLog,
    metrics: Metrics,
    @Optional() private readonly switches?: ServiceSwitches,
  ) {
    switches?.onRead((read) => this.follow(read));
    metrics.gauge({
      name: 'alipayplus_key_versions',
      help: 'The key versions this process has in memory, by whose they are: 1, and 2 for the one that signs.',
      labels: ['owner', 'version'],
      collect: (gauge) => {
        gauge.reset();
        const { signWith, ownVersions, alipayPlusVersions } = this.inUse;
        for (const version of ownVersions) gauge.set({ owner: 'us', version }, version === signWith ? 2 : 1);
        for (const version of alipayPlusVersions) gauge.set({ owner: 'alipayplus', version }, 1);
      },
    });
    metrics.gauge({
      name: 'alipayplus_keys_faulty',
      help: 'Whether the key files could not be taken when they were last read again: 1 or 0.',
      collect: (gauge) => gauge.set(this.isFaulty ? 1 : 0),
    });
  }

  get inUse(): KeysInUse {
    const { signing, ownVersions, alipayPlus } = this.keys.current;
    return { signWith: signing.version, ownVersions, alipayPlusVersions: [...alipayPlus.keys()] };
  }

  /** Here at once, in every other process within about a second. */
  async order(by: OrderedBy): Promise<KeyReload> {
    const value = randomUUID();
    this.followed = value;
    const reload = this.readAgain(by.actor);
    await this.switches?.set({ ...by, name: SWITCH, value });
    return reload;
  }

  /** @param cause who asked for it, for the log */
  readAgain(cause: string): KeyReload {
    try {
      this.keys.readAgain();
    } catch (error) {
      this.isFaulty = true;
      const fault = error instanceof Error ? error.message : String(error);
      const { signWith } = this.inUse;
      this.log.error('alipayplus.keys_not_reloaded', { cause, fault, signWith, alarm: true });
      this.log.lasts('alipayplus.keys_not_reloaded');
      return { outcome: 'kept', fault, ...this.inUse };
    }
    this.isFaulty = false;
    this.log.ends('alipayplus.keys_not_reloaded');
    const { signWith, ownVersions, alipayPlusVersions } = this.inUse;
    this.log.event('alipayplus.keys_reloaded', {
      cause,
      signWith,
      ownVersions: ownVersions.join(' '),
      alipayPlusVersions: alipayPlusVersions.join(' '),
    });
    return { outcome: 'reloaded', ...this.inUse };
  }

  /** The first reading may bring an order whose files came after this process had read its own. */
  private follow(read: Switches): void {
    const order = read.get(SWITCH);
    if (order === undefined || order.value === this.followed) return;
    this.followed = order.value;
    this.readAgain(order.setBy);
  }
}
