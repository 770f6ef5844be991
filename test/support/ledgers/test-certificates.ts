import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Certificates and keys of a test, made by `openssl` in a folder of their own. */
export class TestCertificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));

  /** One that signs others. */
  authority(name: string): TestCertificate {
    const made = this.files(name);
    this.openssl('req', '-x509', ...NEW_KEY, '-keyout', made.key, '-out', made.certificate, '-days', '2', ...this.named(name)); // prettier-ignore
    return made;
  }

  /** @param days until it expires; a negative number makes an expired one */
  signed(by: TestCertificate, name: string, days = 2): TestCertificate {
    const made = this.files(name);
    const request = join(this.folder, `${name}.csr`);
    const extensions = this.write(`${name}.cnf`, 'subjectAltName=IP:127.0.0.1');
    this.openssl('req', '-new', ...NEW_KEY, '-keyout', made.key, '-out', request, ...this.named(name));
    this.openssl('x509', '-req', '-in', request, '-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial', '-out', made.certificate, '-days', String(days), '-extfile', extensions); // prettier-ignore
    return made;
  }

  /** A key of this certificate in a file that asks for a password. */
  encrypted({ key }: TestCertificate): string {
    const file = join(this.folder, 'encrypted.key');
    this.openssl('pkcs8', '-topk8', '-in', key, '-out', file, '-passout', 'pass:word');
    return file;
  }

  write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  read(file: string): string {
    return readFileSync(file, 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private files(name: string): TestCertificate {
    return { certificate: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
  }

  private named(name: string): string[] {
    return ['-subj', `/CN=${name}`];
  }

  private openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
