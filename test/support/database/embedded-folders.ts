import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../../embedded/postgres/start-embedded-postgres.js';

const run = promisify(execFile);

/** The folder that the specs of a run share; it is deleted with the run. */
const ofTheRun = (): string => {
  const folder = process.env['TEST_RUN_DIR'];
  if (folder === undefined) throw new Error('TEST_RUN_DIR is missing: the set-up of the tests has not run');
  return folder;
};

/** Temporary folders for embedded servers, and one initialised data directory that is copied into most of them. */
export class EmbeddedFolders {
  static async prepare(): Promise<EmbeddedFolders> {
    const root = await mkdtemp(join(tmpdir(), 'embedded-'));
    // mkdtemp closes the directory to the account that runs the server for root.
    await chmod(root, 0o755);
    return new EmbeddedFolders(root, await sharedSeed(root));
  }

  private constructor(
    readonly root: string,
    private readonly seed: string,
  ) {}

  /** A folder in which nothing has started; returns the future data directory. */
  async fresh(name: string = randomUUID()): Promise<string> {
    await mkdir(join(this.root, name));
    return join(this.root, name, 'postgres');
  }

  /**
   * A folder in which a server has started before, for tests that are not about the first start. It takes a port of its
   * own: that of the copied server is what the copies of other specs want, too.
   */
  async initialised(): Promise<string> {
    const dataDirectory = await this.fresh();
    await this.initialise(dirname(dataDirectory));
    await rm(join(dataDirectory, 'postmaster.opts'));
    return dataDirectory;
  }

  /** A copy, with its choice of a port, in a folder of the caller's; returns its data directory. */
  async initialise(folder: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    // A fifth of what a copy by Node costs.
    await run('cp', ['-pR', `${this.seed}/.`, folder]);
    return join(folder, 'postgres');
  }

  async names(): Promise<string[]> {
    return readdir(this.root);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Made by the first spec that needs it; of two at the same moment the later one is thrown away. */
async function sharedSeed(root: string): Promise<string> {
  const shared = join(ofTheRun(), 'embedded-seed');
  const isThere = await stat(shared).then(
    () => true,
    () => false,
  );
  if (isThere) return shared;
  const own = join(root, 'seed');
  const server = await startEmbeddedPostgres({
    dataDirectory: join(own, 'postgres'),
    log: () => undefined,
    durable: false,
  });
  await server.stop();
  await rename(own, shared).catch(() => rm(own, { recursive: true, force: true }));
  return shared;
}
