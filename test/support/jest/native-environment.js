/**
 * The specs of a worker run in Node itself, one file after the other, instead of each in a context of its own: their
 * imports are loaded once a worker, which took longer than most specs. Changes that jest makes in the process for one
 * file are undone at its end.
 */
export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = null;
  fakeTimers = null;
  fakeTimersModern = null;
  #console = globalThis.console;
  #exit = process.exit;

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return null;
  }

  async setup() {
    // Jest's own version looks for sources that it compiled itself; Node knows the original sources.
    delete Error.prepareStackTrace;
  }

  async teardown() {
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }
}
