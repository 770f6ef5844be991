import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../embedded/postgres/start-embedded-postgres.js';

/** Temporary folders for embedded servers, and one initialised data directory that is copied into most of them. */
export class EmbeddedFolders {
  static async prepare(): Promise<EmbeddedFolders> {
    const root = await mkdtemp(join(tmpdir(), 'embedded-'));
    // mkdtemp closes the directory to the account that runs the server in root's stead.
    await chmod(root, 0o755);
    const seed = join(root, 'seed');
    const log = (): void => undefined;
    const server = await startEmbeddedPostgres({
      dataDirectory: join(seed, 'postgres'),
      log,
      durable: false,
    });
    await server.stop();
    return new EmbeddedFolders(root, seed);
  }

  private constructor(
    readonly root: string,
    private readonly seed: string,
  ) {}

  /** A folder nobody has started in; returns the data directory to be. */
  async fresh(name: string = randomUUID()): Promise<string> {
    await mkdir(join(this.root, name));
    return join(this.root, name, 'postgres');
  }

  /** A folder that has been started in before, for tests that are not about the first start. */
  async initialised(): Promise<string> {
    const dataDirectory = await this.fresh();
    await cp(this.seed, join(dataDirectory, '..'), { recursive: true, preserveTimestamps: true });
    return dataDirectory;
  }

  async names(): Promise<string[]> {
    return readdir(this.root);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
