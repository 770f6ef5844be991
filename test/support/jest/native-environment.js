/**
 * The specs of a worker run in Node itself, one file after the other, instead of each in a context of its own: what
 * they import is loaded once a worker, which took longer than most specs. What jest changes in the process for one file
 * is taken back at its end.
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
    // Jest's own looks for sources that it compiled itself; Node knows where these came from.
    delete Error.prepareStackTrace;
  }

  async teardown() {
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }
}
