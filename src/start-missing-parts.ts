import { existsSync } from 'node:fs';
import type { EmbeddedParts } from '../embedded/embedded-parts.js';
import { missingParts, notEmbeddedHere } from './missing-parts.js';
import type { Environment, LoadedSettings } from './platform/config/load-settings.js';
import type { EventLog } from './platform/logging/event-log.js';

/** The production image does not carry it, so it is looked for, and imported, only when something is missing. */
const EMBEDDED = new URL('../embedded/', import.meta.url);

/**
 * Starts what no setting names; undefined when everything is configured.
 *
 * @throws SettingsError where this installation has no embedded parts
 */
export async function startMissingParts(
  settings: LoadedSettings,
  environment: Environment,
  log: EventLog,
  stopAsked?: AbortSignal,
): Promise<EmbeddedParts | undefined> {
  const missing = missingParts(settings);
  if (missing.size === 0) return undefined;
  if (!existsSync(EMBEDDED)) throw notEmbeddedHere(missing);
  const { startEmbeddedParts } = await import('../embedded/embedded-parts.js');
  return startEmbeddedParts(settings, environment, log, stopAsked && { stopAsked });
}
