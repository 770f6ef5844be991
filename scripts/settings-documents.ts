import {
  settingsOf,
  type SettingDeclaration,
  type SettingsSection,
} from '../src/platform/config/from-env.js';

const HEADER = `# Every setting of the service. Nothing here needs to be set to try it out: what is not configured is started
# beside the service. All lines are commented out, so a copy of this file changes nothing until a line is opened.
# The service reads its environment only; to start it with a file: node --env-file=.env dist/src/main.js
`;

export const SETTINGS_FILE = 'docs/settings.md';

const SETTINGS_START = '<!-- settings -->';
const SETTINGS_END = '<!-- /settings -->';

/** The whole text of `.env.example`. */
export function envExample(sections: readonly SettingsSection[]): string {
  return [HEADER, ...sections.map(sectionText)].join('\n');
}

function sectionText(section: SettingsSection): string {
  return [`# --- ${titleOf(section)} ---\n`, ...settingsOf(section).map(settingText)].join('\n');
}

/** `WalletLedgerSettings` becomes `Wallet ledger`. */
function titleOf(section: SettingsSection): string {
  const words = section.name.replace(/Settings$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `${words.slice(0, 1)}${words.slice(1).toLowerCase()}`;
}

function settingText(setting: SettingDeclaration): string {
  const hint = (setting.default ?? '') === '' ? 'No default.' : `Default: ${setting.default}`;
  const value = setting.example ?? setting.default ?? '';
  return `# ${setting.about}\n# ${hint}\n#${setting.name}=${value}\n`;
}

/** The table of all settings as Markdown without padding. */
export function settingsTable(sections: readonly SettingsSection[]): string {
  const rows = sections.flatMap(settingsOf).map((setting) => {
    const preset = (setting.default ?? '') === '' ? '' : `\`${setting.default}\``;
    return `| \`${setting.name}\` | ${preset} | ${setting.about.replaceAll('|', '\\|')} |`;
  });
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The text between the markers of a document; undefined without markers. */
export function tableIn(document: string): string | undefined {
  const start = document.indexOf(SETTINGS_START);
  const end = document.indexOf(SETTINGS_END);
  return start === -1 || end < start ? undefined : document.slice(start + SETTINGS_START.length, end).trim();
}

/** The document with another table between its markers; unchanged without markers. */
export function withTable(document: string, table: string): string {
  const start = document.indexOf(SETTINGS_START);
  const end = document.indexOf(SETTINGS_END);
  if (start === -1 || end < start) return document;
  return `${document.slice(0, start)}${SETTINGS_START}\n\n${table}\n\n${document.slice(end)}`;
}

/** A table without the padding of a formatter, so that only its content is compared. */
export function withoutPadding(table: string): string {
  return table.replaceAll(/[ \t]+/g, ' ').replaceAll(/-{3,}/g, '---');
}
