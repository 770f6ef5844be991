import { portsForServers } from './free-port.js';

describe('ports for servers are outside the range for outgoing connections', () => {
  test.each([
    ['where the system does not say', '', 10_240, 32_767],
    ['of a usual Linux', '32768\t60999\n', 10_240, 32_767],
    ['of a sandbox that takes half of them', '16000\t65535\n', 10_240, 15_999],
    ['that begin low and leave room above', '1024 55000', 55_001, 65_535],
    ['that begin low and leave room below', '9000 65535', 1_024, 8_999],
    ['that leave no room at all', '1024 65535', 10_240, 32_767],
  ])('%s', (_, outgoing, first, last) => {
    expect(portsForServers(outgoing)).toEqual({ first, last });
  });
});
