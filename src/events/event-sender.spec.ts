import { Webhook } from 'standardwebhooks';
import { headersOf, isEndpointFailure } from './event-sender.js';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const BODY = Buffer.from('{"type":"payment.paid","data":{"text":"日本 €"}}');

describe('the headers of an event', () => {
  const [fresh, former, foreign] = [1, 2, 3].map(secretOf) as [string, string, string];
  const headers = headersOf({ secrets: [fresh, former] }, 'event-1', BODY, new Date());

  it('are signed so that a receiver with either secret accepts them', () => {
    for (const secret of [fresh, former])
      expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY.toString()));
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it('are invalid with another secret, other bytes, or another id', () => {
    expect(() => new Webhook(foreign).verify(BODY, headers)).toThrow('No matching signature');
    expect(() => new Webhook(fresh).verify(`${BODY.toString()} `, headers)).toThrow('No matching signature');
    const renamed = { ...headers, 'webhook-id': 'event-2' };
    expect(() => new Webhook(fresh).verify(BODY, renamed)).toThrow('No matching signature');
  });
});

describe('isEndpointFailure', () => {
  it.each([
    [{ outcome: 'failed', why: 'timeout', isHostAtFault: true, ms: 1 }, true],
    [{ outcome: 'failed', why: 'http_422', isHostAtFault: false, ms: 1 }, false],
    [{ outcome: 'delivered', httpStatus: 204, ms: 1 }, false],
    [undefined, false],
  ])('of %j is %s', (sending, expected) => {
    expect(isEndpointFailure(sending)).toBe(expected);
  });
});
