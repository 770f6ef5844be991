import { Agent, errors, request } from 'undici';
import { failureSentence } from '../../command-line/failure-sentence.js';
import { destinationFault } from '../../src/platform/config/destination-fault.js';
import { connector, toName, tunnelling } from '../../src/platform/outbound/connectors.js';
import type { LedgerTls } from '../../src/wallet-ledger/http/ledger-tls.js';
import { fault, ok, type Finding } from './finding.js';

const REACH_MS = 5_000;

/** Where the service connects to, and how. */
export interface Way {
  readonly part: string;
  /** The one that gave the address. */
  readonly setting: string;
  readonly url: string;
  readonly proxyUrl: string | undefined;
  readonly tls?: LedgerTls | undefined;
  /** The setting with the certificates that are trusted there. */
  readonly authority?: string;
}

/** Any answer counts: only the connection is checked, that is, name, network and TLS. */
export async function reached(way: Way): Promise<Finding> {
  const { part, setting, url, proxyUrl, tls = {} } = way;
  const { host } = new URL(url);
  const connect = proxyUrl === undefined ? connector(tls) : tunnelling(new URL(proxyUrl), toName, { ...tls });
  const dispatcher = new Agent({ connect });
  const signal = AbortSignal.timeout(REACH_MS);
  const by = proxyUrl === undefined ? '' : ` by ${new URL(proxyUrl).host}`;
  try {
    const { statusCode } = await request(url, { method: 'HEAD', dispatcher, signal });
    return ok(part, `${host} answers${by} (${statusCode})`);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const rule = signal.aborted ? `did not answer${by} in ${REACH_MS / 1_000} s` : undefined;
    return fault(
      part,
      `${setting} ${rule === undefined ? ruleOf(cause, way, by) : `names ${host}, which ${rule}`}`,
    );
  } finally {
    await dispatcher.destroy();
  }
}

function ruleOf(cause: unknown, { url, proxyUrl, authority }: Way, by: string): string {
  const { host, hostname, port, protocol } = new URL(url);
  const to = { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  // By a proxy it may be the proxy that is away.
  const known = proxyUrl === undefined ? destinationFault(cause, to, authority) : undefined;
  if (known !== undefined) return known;
  if (cause instanceof errors.HTTPParserError) return `names ${host}, which does not speak HTTP`;
  const [sentence = ''] = failureSentence(cause).split('\n');
  return `names ${host}, which does not answer${by}: ${sentence}`;
}
