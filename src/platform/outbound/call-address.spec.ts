import { signedPathOf } from './call-address.js';

describe('signedPathOf', () => {
  it.each([
    ['https://partner.example/aps/api/v1/things/take', '/aps/api/v1/things/take'],
    ['https://h.example:8443/a/b?x=1&y=%2F', '/a/b?x=1&y=%2F'],
    ['https://h.example', '/'],
    ['https://h.example?x=1', '/?x=1'],
    ['http://127.0.0.1:8080/p#part', '/p'],
  ])('takes path and query of %s', (address, path) => {
    expect(signedPathOf(address)).toBe(path);
  });

  it.each(['', 'take', '/aps/api', 'ftp://h/x', 'javascript:alert(1)'])('has none for %j', (address) => {
    expect(signedPathOf(address)).toBeUndefined();
  });
});
