import { judgeNotifyUrl } from './notify-url.js';

const HOSTS = [
  'open-sea.alipayplus.com',
  '*.example.org',
  'hooks.example.net:8443',
  '127.0.0.1:9000',
  'plain.example.net:80',
  // Listed by mistake: an address of our own network is not called even then.
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '[::1]',
  '[::ffff:7f00:1]',
  '[fd00::1]',
  '[64:ff9b::a00:1]',
  '[2002:7f00:1::]',
  '8.8.8.8',
  '[2606:4700:4700::1111]',
];
const judged = (url: string, plainHttpAllowed = true): string => {
  const verdict = judgeNotifyUrl(url, { hosts: HOSTS, plainHttpAllowed });
  if (!verdict.trusted) return verdict.why;
  return verdict.anyAddress ? 'trusted, any address' : 'trusted';
};

describe('judgeNotifyUrl', () => {
  it.each([
    ['https://open-sea.alipayplus.com/aps/notify', 'trusted'],
    ['https://open-sea.alipayplus.com', 'trusted'],
    ['https://open-sea.alipayplus.com:443/aps/notify', 'trusted'],
    ['https://open-sea.alipayplus.com/aps/notify#part', 'trusted'],
    ['https://open-sea.alipayplus.com/a%2f..%2fb?url=http://10.0.0.1/', 'trusted'],
    ['https://a.b.example.org/n', 'trusted'],
    ['https://hooks.example.net:8443/n', 'trusted, any address'],
    ['http://127.0.0.1:9000/n', 'trusted, any address'],
    ['http://plain.example.net/n', 'trusted, any address'],
    ['http://plain.example.net:80/n', 'trusted, any address'],
    ['https://8.8.8.8/n', 'trusted'],
    ['https://[2606:4700:4700::1111]/n', 'trusted'],
  ])('%s is %s', (url, verdict) => {
    expect(judged(url)).toBe(verdict);
  });

  it.each([
    // Upper case
    ['HTTPS://OPEN-SEA.AlipayPlus.com/aps/notify?x=1', 'trusted'],
    ['https://OPEN-SEA.ALIPAYPLUS.COM.EVIL.TEST/', 'host_not_allowed'],
    // Hosts that only look like one of the list
    ['https://example.org/n', 'host_not_allowed'],
    ['https://evilexample.org/n', 'host_not_allowed'],
    ['https://open-sea.alipayplus.com.evil.test/n', 'host_not_allowed'],
    ['https://evil.test/open-sea.alipayplus.com', 'host_not_allowed'],
    ['https://evil.test?open-sea.alipayplus.com', 'host_not_allowed'],
    ['https://evil.test#open-sea.alipayplus.com', 'host_not_allowed'],
    ['https://open-sea.alipayplus.com./n', 'host_not_allowed'],
    ['https://a.example.org./n', 'host_not_allowed'],
    ['https://.example.org/n', 'host_not_allowed'],
    ['https://a.example.org/n', 'trusted'],
    ['https://localhost/n', 'host_not_allowed'],
    // Ports
    ['https://open-sea.alipayplus.com:8443/n', 'host_not_allowed'],
    ['https://open-sea.alipayplus.com:80/n', 'host_not_allowed'],
    ['https://open-sea.alipayplus.com:0/n', 'host_not_allowed'],
    ['https://open-sea.alipayplus.com:0443/n', 'host_not_plain'],
    ['https://open-sea.alipayplus.com:/n', 'host_not_plain'],
    ['https://open-sea.alipayplus.com:65536/n', 'not_a_url'],
    ['https://a.example.org:8443/n', 'host_not_allowed'],
    ['https://hooks.example.net/n', 'host_not_allowed'],
    ['http://127.0.0.1:9001/n', 'not_https'],
    // Credentials
    ['https://user:pw@open-sea.alipayplus.com/n', 'credentials_in_url'],
    ['https://open-sea.alipayplus.com@evil.test/n', 'credentials_in_url'],
    ['https://open-sea.alipayplus.com:443@evil.test/n', 'credentials_in_url'],
    ['https://@open-sea.alipayplus.com/n', 'host_not_plain'],
    ['https://:@open-sea.alipayplus.com/n', 'host_not_plain'],
    // Other schemes
    ['http://open-sea.alipayplus.com/n', 'not_https'],
    ['ftp://open-sea.alipayplus.com/n', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['gopher://127.0.0.1:9000/', 'not_https'],
    ['data:text/plain,x', 'not_https'],
    ['javascript:0', 'not_https'],
    ['//open-sea.alipayplus.com/n', 'not_a_url'],
    ['https:open-sea.alipayplus.com/n', 'host_not_plain'],
    ['https:/open-sea.alipayplus.com/n', 'host_not_plain'],
    ['https:///open-sea.alipayplus.com/n', 'host_not_plain'],
    // IPv4 in other forms: each of these parses to 127.0.0.1 or 10.0.0.1
    ['http://2130706433:9000/n', 'host_not_plain'],
    ['http://0177.0.0.1:9000/n', 'host_not_plain'],
    ['http://0x7f.0.0.1:9000/n', 'host_not_plain'],
    ['http://0x7f000001:9000/n', 'host_not_plain'],
    ['http://127.1:9000/n', 'host_not_plain'],
    ['http://127.0.0.1.:9000/n', 'host_not_plain'],
    ['https://167772161/n', 'host_not_plain'],
    ['https://127.0.0.1/n', 'address_not_public'],
    ['https://10.0.0.1/n', 'address_not_public'],
    ['https://169.254.169.254/latest/meta-data', 'address_not_public'],
    ['https://1.2.3.256/n', 'not_a_url'],
    // IPv6 and IPv4 inside it
    ['https://[::1]/n', 'address_not_public'],
    ['https://[fd00::1]/n', 'address_not_public'],
    ['https://[::ffff:127.0.0.1]/n', 'host_not_plain'],
    ['https://[::ffff:7f00:1]/n', 'address_not_public'],
    ['https://[0:0:0:0:0:0:0:1]/n', 'host_not_plain'],
    ['https://[64:ff9b::a00:1]/n', 'address_not_public'],
    ['https://[2002:7f00:1::]/n', 'address_not_public'],
    ['https://[fe80::1%25eth0]/n', 'not_a_url'],
    // Escapes, other alphabets, blanks
    ['https://%6fpen-sea.alipayplus.com/n', 'host_not_plain'],
    ['https://open-sea.alipayplus.com%2eevil.test/n', 'host_not_plain'],
    ['https://open-sea.alipayplus.com%00.evil.test/n', 'not_a_url'],
    ['https://ｏpen-sea.alipayplus.com/n', 'not_a_url'],
    ['https://open-sea。alipayplus.com/n', 'not_a_url'],
    ['https://оpen-sea.alipayplus.com/n', 'not_a_url'],
    ['https://xn--pen-sea-5fg.alipayplus.com/n', 'host_not_allowed'],
    ['https://①②⑦.0.0.1/n', 'not_a_url'],
    ['https://open-sea.ali\tpayplus.com/n', 'not_a_url'],
    ['https://open-sea.alipayplus.com/n\r\nHost: evil.test', 'not_a_url'],
    ['\nhttps://open-sea.alipayplus.com/n', 'not_a_url'],
    [' https://open-sea.alipayplus.com/n', 'not_a_url'],
    ['https://open-sea.alipayplus.com\0/n', 'not_a_url'],
    ['https://evil.test\\@open-sea.alipayplus.com/n', 'host_not_plain'],
    ['https:\\\\open-sea.alipayplus.com/n', 'host_not_plain'],
    // Nothing at all
    ['no url', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['', 'not_a_url'],
  ])('%j is %s', (url, verdict) => {
    expect(judged(url)).toBe(verdict);
  });

  it.each([
    ['http://127.0.0.1:9000/n', 'not_https'],
    ['https://127.0.0.1:9000/n', 'address_not_public'],
    ['https://hooks.example.net:8443/n', 'trusted'],
  ])('where the settings forbid plain http, %s is %s', (url, verdict) => {
    expect(judged(url, false)).toBe(verdict);
  });
});
