import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { EventStore } from '../payment-order/event/event.store.js';
import { shownPath, unreadableFile } from '../platform/config/file-fault.js';
import { SettingsError } from '../platform/config/load-settings.js';
import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import { WatchedFile } from '../platform/config/watched-file.js';
import { EventLog } from '../platform/logging/event-log.js';
import { readEndpoints, type EndpointRules, type EventEndpoint } from './endpoint-entries.js';
import { EventsSettings } from './events.settings.js';

const SETTING = 'EVENTS_ENDPOINTS_FILE';

/**
 * The receivers of events. A worker writes their names into the database, where the triggers that write events find
 * them; the last worker that read its file decides. One without a file leaves them as they are: a forgotten setting
 * must not end the events of others. Addresses and secrets never leave this process but in a call.
 */
@Injectable()
export class EventEndpoints {
  private readonly file: WatchedFile<readonly EventEndpoint[]> | undefined;
  /** Whether the database has what the file says. */
  private isWritten = false;
  private isStale = false;

  /** @throws SettingsError */
  constructor(
    settings: EventsSettings,
    runtime: RuntimeSettings,
    private readonly events: EventStore,
    private readonly log: EventLog,
  ) {
    const rules = { isTrial: !runtime.isProduction || runtime.allowEmbedded };
    const { endpointsFile: path } = settings;
    this.file = path === undefined ? undefined : new WatchedFile(path, (at) => readEndpointsFile(at, rules));
  }

  get all(): readonly EventEndpoint[] {
    return this.file?.content ?? [];
  }

  find(name: string): EventEndpoint | undefined {
    return this.all.find((endpoint) => endpoint.name === name);
  }

  /** Reads the file again when it has changed; a faulty file changes nothing and raises an alarm. */
  async refresh(): Promise<void> {
    try {
      if (this.file?.readAgain() === true) this.isWritten = false;
      if (this.isStale) this.log.event('event.endpoints_current');
      this.log.ends('event.endpoints_stale');
      this.isStale = false;
    } catch (error) {
      if (!this.isStale) this.log.error('event.endpoints_stale', { alarm: true }, error);
      this.log.lasts('event.endpoints_stale');
      this.isStale = true;
    }
    if (!this.isWritten) await this.write();
  }

  private async write(): Promise<void> {
    if (this.file) {
      await this.events.setEndpoints(this.all);
      this.log.event('event.endpoints_set', { names: this.all.map(({ name }) => name).join(' ') });
    } else {
      const told = await this.events.endpoints();
      if (told.length > 0) this.log.warn('event.endpoints_unknown', { names: told.join(' ') });
    }
    this.isWritten = true;
  }
}

/**
 * The endpoints of a file.
 *
 * @throws SettingsError naming every fault by entry and field
 */
export function readEndpointsFile(path: string, rules: EndpointRules): readonly EventEndpoint[] {
  const read = readEndpoints(readText(path), rules);
  if (read.outcome === 'read') return read.endpoints;
  throw new SettingsError(
    read.faults.map((fault) => ({ name: SETTING, rule: `(${shownPath(path)}) ${fault}` })),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError([{ name: SETTING, rule: unreadableFile(error, path) }], { cause: error });
  }
}
