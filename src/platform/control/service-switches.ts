import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { RowOf } from '../database/columns.js';
import { Database, type Statement } from '../database/database.js';
import { EventLog } from '../logging/event-log.js';
import type { ServiceSwitchEntity } from './service-switch.entities.js';

/** How often each process reads the switches. */
const READ_EVERY_MS = 1_000;

export interface ServiceSwitch {
  readonly name: string;
  readonly value: string;
  readonly setAt: Date;
  readonly setBy: string;
  readonly reason: string;
}

export type Switches = ReadonlyMap<string, ServiceSwitch>;

export interface SwitchChange {
  readonly name: string;
  readonly value: string;
  readonly actor: string;
  /** The token that was used, and where the request came from. */
  readonly application: string;
  readonly address: string;
  readonly reason: string;
}

const READ: Statement = {
  name: 'service_switches',
  text: 'select name, value, set_at, set_by, reason from service_switch',
};

/** $1 name, $2 value, $3 actor, $4 application, $5 address, $6 reason; no row when it stands so already. */
const SET: Statement = {
  name: 'service_switch_set',
  text: `
    with before as materialized (select value from service_switch where name = $1 for update),
    change as (
      insert into service_switch_change (at, name, value, actor, application, address, reason)
      select db_now(), $1, $2, $3, $4, $5, $6
      where not exists (select from before where value = $2)
      returning name, value, at, actor, reason)
    insert into service_switch as s (name, value, set_at, set_by, reason)
    select name, value, at, actor, reason from change
    on conflict (name) do update
      set value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by, reason = excluded.reason
    returning name, value, set_at, set_by, reason`,
};

/**
 * What operators order of all processes, in rows: every process reads them once a second and follows, and one that starts
 * later follows from its start. While the database is away what was read last stays.
 */
@Injectable()
export class ServiceSwitches implements OnModuleInit, OnModuleDestroy {
  private readonly listeners: ((switches: Switches) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** Called at every reading, first before any work is taken. */
  onRead(listener: (switches: Switches) => void): void {
    this.listeners.push(listener);
  }

  /** A process that does not know what it may do must not begin. */
  async onModuleInit(): Promise<void> {
    await this.read();
    this.schedule();
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** @returns undefined when it stood so already; then nothing is written down */
  async set(change: SwitchChange): Promise<ServiceSwitch | undefined> {
    const row = await setSwitch(this.database, change);
    // Here at once; the other processes follow by themselves.
    await this.read();
    return row;
  }

  async read(): Promise<void> {
    const rows = await this.database.run<RowOf<ServiceSwitchEntity>>(READ, []);
    const switches = new Map(rows.map((row) => [row.name, switchOf(row)]));
    for (const listener of this.listeners) listener(switches);
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.read()
        // A database that is away is told of elsewhere.
        .catch((error: unknown) => this.log.debug('switches.not_read', { reason: String(error) }))
        .then(() => this.isStopped || this.schedule());
    }, READ_EVERY_MS).unref();
  }
}

/** Also for programs beside the service. @returns undefined when it stood so already */
export async function setSwitch(
  database: Database,
  { name, value, actor, application, address, reason }: SwitchChange,
): Promise<ServiceSwitch | undefined> {
  const values = [name, value, actor, application, address, reason];
  const [row] = await database.run<RowOf<ServiceSwitchEntity>>(SET, values);
  return row && switchOf(row);
}

function switchOf({
  name,
  value,
  set_at: setAt,
  set_by: setBy,
  reason,
}: RowOf<ServiceSwitchEntity>): ServiceSwitch {
  return { name, value, setAt, setBy, reason };
}
