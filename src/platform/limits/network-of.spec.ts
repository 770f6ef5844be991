import { networkOf } from './network-of.js';

const same = (...addresses: string[]) => new Set(addresses.map(networkOf)).size;

describe('whose requests are counted together', () => {
  it('those of one address, however a proxy spells it', () =>
    expect(
      same(
        '10.6.0.1',
        '10.6.0.1:1234',
        ' 10.6.0.1',
        '::ffff:10.6.0.1',
        '::ffff:a06:1',
        '::FFFF:0a06:0001',
        '[::ffff:10.6.0.1]:80',
      ),
    ).toBe(1));

  it('in IPv6 those of one /64', () => {
    expect(
      same(
        '2001:db8:0:1::',
        '2001:DB8::1:0:0:0:9',
        '[2001:db8:0:1::7]',
        '[2001:db8:0:1::7]:443',
        '2001:db8:0:1:f::%eth0',
      ),
    ).toBe(1);
    expect(same('::1', '::')).toBe(1);
  });

  it('nothing of different ones', () =>
    expect(same('10.6.0.1', '10.6.0.2', '2001:db8:0:1::', '2001:db8:0:2::', '2001:db8::1', '::1')).toBe(6));

  it('all that come with what is no address, for anybody can make up another one', () =>
    expect(
      same('', 'unknown', '_hidden', '10.6.0.01', '10.6.1', '10.6.0.1:x', '2001:db8::g', '999.1.1.1'),
    ).toBe(1));
});
