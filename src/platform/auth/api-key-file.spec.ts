import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../config/load-settings.js';
import { readApiKeyFile } from './api-key-file.js';

describe('readApiKeyFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-key-file-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses a file that is not there, and names the setting and the path', () => {
    expect(() => readApiKeyFile(join(folder, 'none.json'))).toThrow(SettingsError);
    expect(() => readApiKeyFile(join(folder, 'none.json'))).toThrow(
      /API_KEYS_FILE: names .*none\.json, which is not there/,
    );
  });

  it('names the file, the entry and the field of every fault in it', () => {
    const path = join(folder, 'faulty.json');
    writeFileSync(path, '[{"name":"a","sha256":"1","scopes":["x"]},{"name":"b","scopes":["x"]}]');
    expect(() => readApiKeyFile(path)).toThrow(
      /faulty\.json\) entry 0: sha256[\s\S]*faulty\.json\) entry 1: sha256/,
    );
  });
});
