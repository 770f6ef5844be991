import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type Statement } from '../database/database.js';
import { EventLog } from '../logging/event-log.js';
import { HealthProbes } from './health-probes.js';

const LOOK_AGAIN_MS = 60_000;

/** How commits of this service and the standbys of its primary go together. */
export interface Replication {
  /** Attached at the moment. */
  readonly standbys: number;
  readonly synchronousStandbyNames: string;
  readonly synchronousCommit: string;
}

/**
 * A role without special rights sees the rows of this view, and in them only which connections there are: a backup is
 * known by its name then. What streams to an archive, or decodes changes for another system, is no standby either.
 */
const LOOK: Statement = {
  name: 'standby_look',
  text: `select (select count(*)::int from pg_stat_replication where state is distinct from 'backup'
      and application_name !~ '^(pg_basebackup|pg_receivewal|pg_recvlogical|barman_)'
      and pid not in (select active_pid from pg_replication_slots
        where slot_type = 'logical' and active_pid is not null)) as standbys,
    current_setting('synchronous_standby_names') as "synchronousStandbyNames",
    current_setting('synchronous_commit') as "synchronousCommit"`,
};

const WAITS = new Set(['on', 'remote_write', 'remote_apply']);

/** Why a commit may not survive the primary; undefined where there is no standby, or it does. */
export function asynchronyOf(seen: Replication): string | undefined {
  if (seen.standbys === 0) return undefined;
  if (!WAITS.has(seen.synchronousCommit)) return `synchronous_commit is ${seen.synchronousCommit}`;
  return seen.synchronousStandbyNames === '' ? 'synchronous_standby_names is empty' : undefined;
}

/**
 * A standby is there to go on with when the primary dies. Unless commits wait for the standby, the last ones are lost
 * then, although callers were answered: reported at the start, at each change, and by health.
 */
@Injectable()
export class StandbyWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isProbed = false;
  private told: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly probes: HealthProbes,
    private readonly log: EventLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_AGAIN_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const [seen] = await this.database.run<Replication>(LOOK, []);
    if (seen === undefined) return;
    const reason = asynchronyOf(seen);
    // Where there is no standby there is nothing to ask about.
    if (seen.standbys > 0) this.probe();
    if (reason !== undefined && reason !== this.told)
      this.log.warn('database.commits_not_on_standby', { standbys: seen.standbys, reason });
    this.told = reason;
  }

  private probe(): void {
    if (this.isProbed) return;
    this.isProbed = true;
    this.probes.register({
      name: 'standby',
      required: false,
      check: async () => {
        const [seen] = await this.database.run<Replication>(LOOK, []);
        const reason = seen && asynchronyOf(seen);
        if (reason !== undefined) throw new Error(`commits do not wait for the standby: ${reason}`);
      },
    });
  }
}
