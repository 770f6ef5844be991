import { readFileSync } from 'node:fs';
import { fileFault, unreadableFile } from './file-fault.js';
import { SettingsError } from './load-settings.js';

/** The text of the file that a setting names. @throws SettingsError naming the setting, never what is in the file */
export function readSettingText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw settingFault(name, unreadableFile(error, path));
  }
}

/** Certificates in PEM. @throws SettingsError as above, and when there is none in the file */
export function readCertificates(name: string, path: string): string {
  const pem = readSettingText(name, path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw settingFault(name, fileFault(path, 'holds no certificate in PEM'));
}

export function settingFault(name: string, rule: string): SettingsError {
  return new SettingsError([{ name, rule }]);
}
