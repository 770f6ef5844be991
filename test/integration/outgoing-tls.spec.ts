import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createSecuredServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { OutgoingFetch, type FetchRules } from '../../src/platform/outbound/outgoing-fetch.js';
import { ConnectProxy } from '../../src/platform/outbound/spec-support/connect-proxy.js';
import { TestCertificates } from '../support/ledgers/test-certificates.js';

const GET = { method: 'GET', headers: { accept: 'application/json' } };

describe('a fetch of ours over TLS', () => {
  const opened: OutgoingFetch[] = [];
  afterAll(() => Promise.all(opened.map((one) => one.close())));

  const open = (others: Partial<FetchRules>): OutgoingFetch => {
    const made = new OutgoingFetch({ timeoutMs: 5_000, maxBytes: 1_000, ...others });
    opened.push(made);
    return made;
  };

  it('accepts the given authority, also through a proxy, and no other certificate', async () => {
    const certificates = new TestCertificates();
    const authority = certificates.authority('staff');
    const { key, certificate } = certificates.signed(authority, 'id');
    const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
    const server = createSecuredServer(tls, (_request, response) => response.end('{}'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const secured = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on TCP
    const proxy = new ConnectProxy();
    const proxyUrl = `http://${await proxy.listen()}`;
    const ca = readFileSync(authority.certificate, 'utf8');
    for (const way of [{}, { proxyUrl }]) {
      expect((await open({ ...way, ca }).fetch(secured, GET)).status).toBe(200);
      await expect(open(way).fetch(secured, GET)).rejects.toMatchObject({
        code: expect.stringMatching(/CERT|SIGNATURE/),
      });
    }
    proxy.close();
    server.closeAllConnections();
    server.close();
    certificates.remove();
  });
});
