import { loadSettings } from '../../platform/config/load-settings.js';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';

/** The settings as the application would load them from this environment. */
export function settingsWith(environment: Record<string, string>): AlipayPlusSettings {
  return loadSettings([AlipayPlusSettings], environment).get(AlipayPlusSettings);
}
