import { compiledPrograms, printed, programOf } from '../support/documents/snippets.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

const CLIENT_README = 'clients/typescript/README.md';

/** What the team of a wallet's app is given does what it says, against one service. */
describe('for the team of an app', () => {
  let test: TestService;
  let compiled: (document: string) => string;
  beforeAll(async () => {
    [test, compiled] = await Promise.all([
      startTestService({ callsBack: true }),
      compiledPrograms([CLIENT_README]),
    ]);
  });
  afterAll(() => test.stop());

  const environment = (): Record<string, string> => ({
    PAYMENTS_URL: test.url,
    WALLET_TOKEN: test.tokens.walletApp,
    EVENTS_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });

  it('the snippets of the client compile strictly and print what they say', async () => {
    const text = await printed(process.execPath, [compiled(CLIENT_README)], environment());
    expect(text).toBe(programOf(CLIENT_README, 'text').replaceAll('\n\n', '\n'));
  });
});
