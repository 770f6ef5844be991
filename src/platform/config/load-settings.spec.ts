import { IsBoolean, IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';
import { FromEnv, settingsOf } from './from-env.js';
import { loadSettings, SettingsError } from './load-settings.js';

class SampleSettings {
  @FromEnv('SAMPLE_PORT', { kind: 'integer', default: '8080', about: 'a port' })
  @IsInt()
  @Min(0)
  @Max(65535)
  readonly port!: number;

  @FromEnv('SAMPLE_FLAG', { kind: 'flag', default: 'false', about: 'a flag' })
  @IsBoolean()
  readonly flag!: boolean;

  @FromEnv('SAMPLE_HOSTS', { kind: 'list', default: 'a, b', about: 'hosts' })
  readonly hosts!: string[];

  @FromEnv('SAMPLE_PAIRS', { kind: 'pairs', about: 'pairs' })
  @IsOptional()
  readonly pairs?: Record<string, string>;
}

class OtherSettings {
  @FromEnv('OTHER_URL', { kind: 'text', about: 'a url' })
  @IsOptional()
  @IsUrl({ require_tld: false })
  readonly url?: string;
}

const load = (environment: Record<string, string>) =>
  loadSettings([SampleSettings, OtherSettings], environment).get(SampleSettings);

describe('loadSettings', () => {
  it('uses the defaults when nothing or only blanks are set', () => {
    const settings = load({ SAMPLE_PORT: '  ' });
    expect(settings).toEqual({ port: 8080, flag: false, hosts: ['a', 'b'] });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('reads integers, flags, lists and pairs', () => {
    expect(
      load({ SAMPLE_PORT: '1', SAMPLE_FLAG: 'true', SAMPLE_HOSTS: 'x', SAMPLE_PAIRS: '1=/a,2=/b=c' }),
    ).toEqual({ port: 1, flag: true, hosts: ['x'], pairs: { '1': '/a', '2': '/b=c' } });
  });

  it('names every faulty variable of every section at once, and no value', () => {
    const attempt = () => load({ SAMPLE_PORT: '8o80', SAMPLE_FLAG: 'yes', OTHER_URL: 'no url' });
    expect(attempt).toThrow(SettingsError);
    try {
      attempt();
    } catch (error) {
      const message = String(error);
      for (const name of ['SAMPLE_PORT', 'SAMPLE_FLAG', 'OTHER_URL']) expect(message).toContain(name);
      for (const value of ['8o80', 'no url']) expect(message).not.toContain(value);
    }
  });

  it('lists the declarations of a section, for the documents that are compared with it', () => {
    expect(settingsOf(SampleSettings).map((setting) => setting.name)).toEqual([
      'SAMPLE_PORT',
      'SAMPLE_FLAG',
      'SAMPLE_HOSTS',
      'SAMPLE_PAIRS',
    ]);
  });
});
