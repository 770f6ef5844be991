import { ConsoleClient } from '../support/browser/console-client.js';
import { CompanyProvider } from '../support/providers/company-provider.js';
import { comeBack, consolePlace, leaveFor } from '../support/providers/provider-console.js';
import { startTestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

describe('a provider that is down', () => {
  it('does not stop people from signing in with a token, nor anything else', async () => {
    const place = await consolePlace();
    const stopped = await CompanyProvider.start({ consoleUrl: place.url });
    await stopped.stop();
    const alone = await startTestService({
      environment: { ...stopped.settings, ...place.settings },
    });
    const client = new ConsoleClient(alone.url);
    const page = await client.get('/console/sign-in');
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('cannot be reached') });
    expect((await client.get('/console/sign-in/provider')).status).toBe(503);
    expect((await client.signIn(alone.tokens.operator)).status).toBe(303);
    expect((await fetch(`${alone.url}/health/ready`)).status).toBe(200);
    expect(alone.log.join('')).toContain(
      '"event":"console.identity_provider_failed","step":"discovery","reason":"connection_refused"',
    );
    await alone.stop();
  });

  it('ends no session, and lets people sign out here', async () => {
    const place = await consolePlace();
    const own = await CompanyProvider.start({ consoleUrl: place.url });
    const alone = await startTestService({
      environment: { ...own.settings, ...place.settings, ROLE: 'api' },
    });
    const client = new ConsoleClient(alone.url);
    await comeBack(client, await own.signIn((await leaveFor(client)).href, 'ada'));
    const late = new ConsoleClient(alone.url);
    const answer = await own.signIn((await leaveFor(late)).href, 'ada');
    await own.stop();
    expect((await client.get('/console/help')).status).toBe(200);
    expect(await comeBack(late, answer)).toMatchObject({
      status: 503,
      text: expect.stringContaining('cannot be reached'),
    });
    await client.post('/console/sign-out', {}, '/console/help');
    expect((await client.get('/console/help')).status).toBe(303);
    expect((await client.get('/console/sign-in')).status).toBe(200);
    await alone.stop();
  });
});
