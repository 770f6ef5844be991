import { statSync } from 'node:fs';

/** What a file says, which may be replaced while the service runs. */
export class WatchedFile<T> {
  content: T;
  private version: string;

  /** @param read throws when the file is faulty */
  constructor(
    private readonly path: string,
    private readonly read: (path: string) => T,
  ) {
    this.content = read(path);
    this.version = versionOf(path);
  }

  /**
   * Reads the file again when it has changed, and says whether it did.
   *
   * @throws what `read` throws when it is faulty now; the content stays that of before
   */
  readAgain(): boolean {
    const version = versionOf(this.path);
    if (version === this.version) return false;
    this.content = this.read(this.path);
    this.version = version;
    return true;
  }
}

/** Kubernetes replaces a file by another one, an editor writes into it. */
function versionOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}
