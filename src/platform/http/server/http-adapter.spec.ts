import { originForm } from './http-adapter.js';

describe('originForm', () => {
  it.each([
    ['/aps/pay', '/aps/pay'],
    ['/aps/pay?a=http://x/y', '/aps/pay?a=http://x/y'],
    ['http://mpp.example/aps/pay?a=1', '/aps/pay?a=1'],
    ['HTTPS://mpp.example:8443/aps/pay', '/aps/pay'],
    ['http://mpp.example', '/'],
    ['http://mpp.example?a=1', '/?a=1'],
    ['http://[::1]:80/%2e%2e/pay', '/%2e%2e/pay'],
    ['//host/pay', '//host/pay'],
    ['*', '*'],
    [`/things/${'x'.repeat(15_000)}`, `/things/${'x'.repeat(2_040)}`],
    [`http://mpp.example/things/${'%25'.repeat(5_000)}?a=1`, `/things/${'%25'.repeat(680)}?a=1`],
    [`/things?cursor=${'x'.repeat(15_000)}`, `/things?cursor=${'x'.repeat(15_000)}`],
    ['ftp://mpp.example/pay', 'ftp://mpp.example/pay'],
  ])('of %s is %s', (target, path) => {
    expect(originForm(target)).toBe(path);
  });
});
