import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

register('./typescript-loader.js', import.meta.url);
process.setSourceMapsEnabled(true);

/** The state that jest-circus keeps in the process between two files. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');
const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** Replaces jest's own module system, and leaves modules to Node. */
export default class NativeRuntime {
  /** All that specs need from jest itself; they replace functions with `mock` of `node:test`. */
  constructor() {
    globalThis.jest = { setTimeout: (ms) => void (globalThis[TIMEOUT] = ms) };
  }

  /** Loads the framework again for each file, because it collects the tests of one. */
  requireInternalModule(path) {
    delete require.cache[path];
    delete globalThis[HANDLERS];
    return require(path);
  }

  requireModule(path) {
    return require(path);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }

  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}

  getSourceMaps() {
    return new Map();
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  teardown() {
    delete globalThis[TIMEOUT];
    delete globalThis.jest;
  }
}
