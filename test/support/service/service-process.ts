import { join, resolve } from 'node:path';
import type { ProcessEnd } from '../../../scripts/drill/programs/guarded-child.js';
import { JsonProgram } from '../../../scripts/drill/programs/json-program.js';
import type { Json } from './api-client.js';

/** The compiled service in a process of its own, which a test can kill at any moment. */
export class ServiceProcess {
  private constructor(
    private readonly program: JsonProgram,
    /** Every event of its log so far. */
    readonly events: readonly Json[],
  ) {}

  /**
   * Resolves when it serves. It gets only the given settings, whatever this process has.
   *
   * @param tree the tree with its compiled service
   */
  static async start(environment: Readonly<Record<string, string>>, tree = '.'): Promise<ServiceProcess> {
    const events: Json[] = [];
    const program = await JsonProgram.start({
      file: resolve(join(tree, 'dist/src/main.js')),
      environment,
      readyEvent: 'service.ready',
      onEvent: (event) => events.push(event),
    });
    return new ServiceProcess(program, events);
  }

  /** Its address. */
  get url(): string {
    return this.program.url;
  }

  /** The address of the port for signed calls. */
  get signedCallsUrl(): string {
    return String(this.events.find(({ event }) => event === 'service.ready')?.['signedCallsUrl']);
  }

  /** Sends the signal and goes on; SIGSTOP freezes it until SIGCONT. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.program.signal(signal);
  }

  /** Sends the signal and waits until the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<ProcessEnd> {
    return this.program.end(signal);
  }
}
