import { freePort } from '../../../embedded/postgres/free-port.js';
import type { ConsoleAnswer, ConsoleClient } from '../browser/console-client.js';

export interface ConsolePlace {
  readonly url: string;
  /** The address at which a console has to listen, and the settings that name it. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A provider needs the address of a console before the console is there. */
export async function consolePlace(): Promise<ConsolePlace> {
  const port = await freePort('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  return { url, settings: { PORT: String(port), CONSOLE_PUBLIC_URL: url } };
}

/** Clicks on "Sign in with …", and returns the address to which the console leads. */
export async function leaveFor(client: ConsoleClient, next = '/console'): Promise<URL> {
  const left = await client.get(`/console/sign-in/provider?next=${encodeURIComponent(next)}`);
  if (left.location === null) throw new Error(`not sent to the provider: ${left.status} ${left.text}`);
  return new URL(left.location);
}

/** Comes back from the provider. */
export function comeBack(client: ConsoleClient, address: string): Promise<ConsoleAnswer> {
  const { pathname, search } = new URL(address);
  return client.get(pathname + search, { 'sec-fetch-site': 'cross-site' });
}
