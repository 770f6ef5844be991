import { compiledPrograms, printed, programOf, promisedOf } from '../support/documents/snippets.js';
import { played, testCodes } from '../support/documents/test-codes.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

const CLIENT_README = 'clients/typescript/README.md';
const GUIDE = 'docs/integrate.md';

/** The documents for the team of a wallet's app do what they say, against one service. */
describe('for the team of an app', () => {
  let test: TestService;
  let compiled: (document: string) => string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    [test, compiled] = await Promise.all([
      startTestService({ callsBack: true }),
      compiledPrograms([CLIENT_README, GUIDE]),
    ]);
    environment = {
      PAYMENTS_URL: test.url,
      WALLET_TOKEN: test.tokens.walletApp,
      TWIN_URL: test.twin.url,
    };
  });
  afterAll(() => test.stop());

  it('the commands of the guide do what it says', async () => {
    expect(await printed('sh', ['-eu', '-c', programOf(GUIDE, 'sh')], environment)).toBe(
      promisedOf(GUIDE, 'sh'),
    );
  });

  it.each([CLIENT_README, GUIDE])(
    'the program in %s compiles strictly and prints what it says',
    async (document) => {
      expect(await printed(process.execPath, [compiled(document)], environment)).toBe(
        promisedOf(document, 'ts'),
      );
    },
  );

  it('every code of docs/test-codes.md gets the answer of its row', async () => {
    const rows = testCodes();
    expect(rows.length).toBeGreaterThan(30);
    const said = await Promise.all(
      rows.map(async (row) => ({ ...row, answer: await played(test.app, row) })),
    );
    expect(said).toEqual(rows);
  });
});
