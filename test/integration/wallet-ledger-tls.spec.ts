import { randomUUID } from 'node:crypto';
import { HttpService } from '@nestjs/axios';
import { certifyLedgerCommand } from '../../scripts/certify-ledger.js';
import type { CertificationReport } from '../../scripts/certify-ledger/run-certification.js';
import { SettingsError } from '../../src/platform/config/load-settings.js';
import { ConnectProxy } from '../../src/platform/outbound/spec-support/connect-proxy.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { readLedgerCore } from '../../src/wallet-ledger/http/read-ledger-core.js';
import { MemoryBooks } from '../support/ledgers/memory-books.js';
import { MemoryLedgerServer, type Received, type Sent } from '../support/ledgers/memory-ledger-server.js';
import { TestCertificates } from '../support/ledgers/test-certificates.js';

jest.setTimeout(60_000);

const SECRET = randomUUID();

/** A core behind mutual TLS, which records the accepted clients. */
class GuardedLedger extends MemoryLedgerServer {
  calls = 0;

  protected override answer(received: Received): Promise<Sent> {
    this.calls += 1;
    return super.answer(received);
  }
}

/** A core that knows the service by its certificate alone. */
class TrustingLedger extends MemoryLedgerServer {
  protected override isGenuine(): boolean {
    return true;
  }

  protected override isTimely(): boolean {
    return true;
  }
}

describe('the wallet’s core over TLS', () => {
  const made = new TestCertificates();
  const ours = made.authority('our-authority');
  const theirs = made.authority('their-authority');
  const server = made.signed(theirs, 'core');
  const client = made.signed(ours, 'service');
  const stranger = made.signed(theirs, 'stranger');
  const expired = made.signed(ours, 'expired', -1);
  const secretFile = made.write('secret', SECRET);
  const guarded = {
    cert: made.read(server.certificate),
    key: made.read(server.key),
    ca: made.read(ours.certificate),
    requestCert: true,
    rejectUnauthorized: true,
  };
  const FILES = {
    caFile: theirs.certificate,
    clientCertificateFile: client.certificate,
    clientKeyFile: client.key,
  };
  afterAll(() => made.remove());

  describe('that requires a certificate', () => {
    const core = new GuardedLedger(SECRET, new MemoryBooks(), guarded);
    let url: string;
    beforeAll(async () => {
      url = await core.listen();
    });
    beforeEach(() => {
      core.calls = 0;
    });
    afterAll(() => core.close());

    const lookUp = async (files: object) => {
      const address = await readLedgerCore({ url, secretFile, timeoutMs: 5_000, ...files });
      return new HttpWalletLedger(new HttpService(), address).lookup(randomUUID());
    };

    it('is called with ours, and its own is verified by the given authority', async () => {
      expect(await lookUp(FILES)).toEqual({ outcome: 'absent' });
      expect(core.calls).toBe(1);
    });

    it('is called the same way through a proxy, which sees nothing of the content', async () => {
      const proxy = new ConnectProxy();
      try {
        const proxyUrl = `http://${await proxy.listen()}`;
        expect(await lookUp({ ...FILES, proxyUrl })).toEqual({ outcome: 'absent' });
        expect(core.calls).toBe(1);
        const answer = await lookUp({ ...FILES, caFile: ours.certificate, proxyUrl });
        expect(answer).toEqual({ outcome: 'unknown', reason: 'tls_error' });
        expect(proxy.asked.map(({ place }) => place)).toEqual([new URL(url).host, new URL(url).host]);
        expect(core.calls).toBe(1);
      } finally {
        proxy.close();
      }
    });

    it.each<[string, object]>([
      ['without a certificate', { caFile: theirs.certificate }],
      [
        'with the certificate of somebody else',
        { ...FILES, clientCertificateFile: stranger.certificate, clientKeyFile: stranger.key },
      ],
      ['when its own is not verified by what Node.js trusts', { ...FILES, caFile: undefined }],
      ['when its own comes from another authority', { ...FILES, caFile: ours.certificate }],
    ])('is not reached %s, and the outcome is unknown', async (_how, files) => {
      const answer = await lookUp(files);
      expect(answer).toEqual({ outcome: 'unknown', reason: expect.stringMatching(/^(tls|network)_error$/) });
      expect(core.calls).toBe(0);
    });
  });

  it('is certified with the same files, also when it checks no signature', async () => {
    const core = new TrustingLedger(SECRET, new MemoryBooks(), guarded);
    const url = await core.listen();
    const lines: string[] = [];
    const output = {
      log: (text: string) => void lines.push(text),
      error: (text: string) => void lines.push(text),
    };
    const files = {
      WALLET_LEDGER_SECRET_FILE: secretFile,
      WALLET_LEDGER_CA_FILE: FILES.caFile,
      WALLET_LEDGER_CLIENT_CERTIFICATE_FILE: FILES.clientCertificateFile,
      WALLET_LEDGER_CLIENT_KEY_FILE: FILES.clientKeyFile,
    };
    const args = ['--json', '--certificate-only', '--timeout-ms', '7000', '--customer', 'rich'];
    try {
      const code = await certifyLedgerCommand(
        [url, ...args, '--poor', 'poor', '--blocked', 'blocked'],
        files,
        output,
      );
      const report = JSON.parse(lines.join('\n')) as CertificationReport; // as the command prints it
      expect(report.checks.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(report.checks.filter(({ status }) => status === 'skipped').map(({ id }) => id)).toEqual([
        'signature',
        'signature-time',
      ]);
      expect(code).toBe(0);
    } finally {
      await core.close();
    }
  });

  it('is not started with files that cannot work, and all faults are reported at once', async () => {
    const faultsOf = async (files: object): Promise<string[]> => {
      const settings = {
        url: 'https://core.wallet.internal',
        secretFile,
        timeoutMs: 100,
        ...FILES,
        ...files,
      };
      const error: unknown = await readLedgerCore(settings).catch((thrown: unknown) => thrown);
      if (!(error instanceof SettingsError)) return [];
      return error.faults.map(({ name, rule }) => `${name.replace('WALLET_LEDGER_', '')} ${rule}`);
    };
    expect(await faultsOf({})).toEqual([]);
    expect(
      await faultsOf({
        secretFile: made.write('short', 'short'),
        caFile: client.key,
        clientCertificateFile: expired.certificate,
        clientKeyFile: client.key,
      }),
    ).toEqual([
      expect.stringMatching(/^SECRET_FILE names .*short, which must hold at least 32 bytes$/),
      'CA_FILE holds no certificate in PEM',
      'CLIENT_CERTIFICATE_FILE holds a certificate that has expired',
      'CLIENT_KEY_FILE is not the key of the certificate in WALLET_LEDGER_CLIENT_CERTIFICATE_FILE',
    ]);
    expect(await faultsOf({ caFile: '/nowhere.pem', clientKeyFile: client.certificate })).toEqual([
      'CA_FILE names /nowhere.pem, which is not there',
      'CLIENT_KEY_FILE holds no private key in PEM',
    ]);
    const broken = made.read(client.certificate).replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    expect(
      await faultsOf({
        clientCertificateFile: made.write('broken.pem', broken),
        clientKeyFile: made.encrypted(client),
      }),
    ).toEqual([
      'CLIENT_CERTIFICATE_FILE holds a certificate that cannot be read',
      'CLIENT_KEY_FILE holds an encrypted key',
    ]);
  });
});
