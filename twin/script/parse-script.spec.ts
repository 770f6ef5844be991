import * as fc from 'fast-check';
import { DIRECTIVES } from './directives.js';
import { parseScript } from './parse-script.js';
import { PLAIN_SCRIPT, planOfCall, type Script } from './script.js';

function scriptOf(codeValue: string): Script {
  const parsed = parseScript(codeValue);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.script;
}

const SUCCESS = { status: 'S', code: 'SUCCESS' };

describe('a code value', () => {
  it.each<[string, Partial<Script>]>([
    ['https://qr.alipayplus.com/2816661', {}],
    ['TWIN:F', {}],
    ['twin:', {}],
    ['twin:S', {}],
    ['twin:S#whatever;drop', {}],
    [
      'twin:U,U.REQUEST_TRAFFIC_EXCEED_LIMIT,F.EXPIRED_CODE,F,S',
      {
        steps: [
          { status: 'U', code: 'UNKNOWN_EXCEPTION' },
          { status: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' },
          { status: 'F', code: 'EXPIRED_CODE' },
          { status: 'F', code: 'PROCESS_FAIL' },
          { status: 'S', code: 'SUCCESS' },
        ],
      },
    ],
    [
      'twin:S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD',
      {
        pay: { value: 1000n, currency: 'JPY' },
        payTo: { value: 8518n, currency: 'HKD' },
        rate: '8.5614',
        promo: { value: 5n, currency: 'JPY' },
        surcharge: { value: 8916n, currency: 'HKD' },
      },
    ],
    [
      'twin:S;pay=123456789012345678901234567890JPY',
      { pay: { value: 123456789012345678901234567890n, currency: 'JPY' } },
    ],
    ['twin:S;surchargeRate=8.9614;reversed', { surchargeRate: '8.9614', reversedPair: true }],
    ['twin:S;expire=20s', { expireMs: 20_000 }],
    ['twin:S;expire=2m', { expireMs: 120_000 }],
    ['twin:S;quoteExpire=500ms', { quoteExpireMs: 500 }],
    ['twin:S;slow=9s', { delays: [{ delayMs: 9000, call: null }] }],
    [
      'twin:S;slow=9s@2;slow=1s@*',
      {
        delays: [
          { delayMs: 9000, call: 2 },
          { delayMs: 1000, call: 'every' },
        ],
      },
    ],
    ['twin:S;drop', { troubles: [{ trouble: 'drop', call: 'every' }] }],
    [
      'twin:S;drop@1;unsigned@2;badsig@3;garbage@*',
      {
        troubles: [
          { trouble: 'drop', call: 1 },
          { trouble: 'unsigned', call: 2 },
          { trouble: 'badsig', call: 3 },
          { trouble: 'garbage', call: 'every' },
        ],
      },
    ],
    [
      'twin:S;http=500@1;http=502@2',
      {
        httpStatuses: [
          { httpStatus: 500, call: 1 },
          { httpStatus: 502, call: 2 },
        ],
      },
    ],
    [
      'twin:S;notify=F.PROCESS_FAIL,U,500,slow,slow:2s,200html,S',
      {
        notify: [
          { kind: 'result', step: { status: 'F', code: 'PROCESS_FAIL' } },
          { kind: 'result', step: { status: 'U', code: 'UNKNOWN_EXCEPTION' } },
          { kind: 'http', httpStatus: 500 },
          { kind: 'slow', delayMs: 7000 },
          { kind: 'slow', delayMs: 2000 },
          { kind: '200html' },
          { kind: 'result', step: { status: 'S', code: 'SUCCESS' } },
        ],
      },
    ],
    [
      'twin:S;notify=unsigned,badsig,drop,redirect,huge,empty,garbage',
      {
        notify: [
          { kind: 'unsigned' },
          { kind: 'badsig' },
          { kind: 'drop' },
          { kind: 'redirect' },
          { kind: 'huge' },
          { kind: 'empty' },
          { kind: 'garbage' },
        ],
      },
    ],
    ['twin:S;cancel=beforeConfirm', { cancel: 'beforeConfirm' }],
    ['twin:S;cancel=duringDebit;cancelAfter=500ms', { cancel: 'duringDebit', cancelAfterMs: 500 }],
    ['twin:S;cancel=afterPaid', { cancel: 'afterPaid' }],
    ['twin:S;sdk;cashier', { sdk: true, isCashier: true }],
    [
      'twin:S;flag=needOtpVerification+isDeferredPayment;flag=isPaymentEvaluation',
      { flags: ['needOtpVerification', 'isDeferredPayment', 'isPaymentEvaluation'] },
    ],
    ['twin:S;merchant=Caf%C3%A9%3B%20%23%31', { merchant: 'Café; #1' }],
    ['twin:S;goods=100;request=REQ_1;pass=a%3Db', { goods: 100, request: 'REQ_1', pass: 'a=b' }],
    ['twin:S;redirect=https%3A%2F%2Fshop.example%2Fdone', { redirect: 'https://shop.example/done' }],
    ['twin:S;passLength=3', { pass: 'xxx' }],
    [
      'twin:S;set=paymentAmount.value:1000;set=paymentFactor.newFlag:%22x%22',
      {
        overrides: [
          { path: ['paymentAmount', 'value'], value: 1000 },
          { path: ['paymentFactor', 'newFlag'], value: 'x' },
        ],
      },
    ],
  ])('%s is read', (codeValue, expected) => {
    expect(scriptOf(codeValue)).toEqual({ ...PLAIN_SCRIPT, ...expected });
  });

  it.each([
    ['twin:X', 'steps'],
    ['twin:S,', 'steps'],
    ['twin:s', 'steps'],
    ['twin:U.lower', 'steps'],
    ['twin:S;', 'unknown directive'],
    ['twin:S;nonsense', 'unknown directive: nonsense'],
    ['twin:S;pay', 'pay'],
    ['twin:S;pay=10.5JPY', 'pay'],
    ['twin:S;pay=-1JPY', 'pay'],
    ['twin:S;pay=1000jpy', 'pay'],
    ['twin:S;rate=0', 'rate'],
    ['twin:S;rate=1.2345678901234567', 'rate'],
    ['twin:S;promo=5EUR', 'neither currency'],
    ['twin:S;pay=5JPY;promo=9JPY', 'larger than the payment'],
    ['twin:S;expire=20', 'expire'],
    ['twin:S;expire=600h', 'expire'],
    ['twin:S;slow=9s@0', 'slow'],
    ['twin:S;drop=1', 'drop'],
    ['twin:S;drop@x', 'drop'],
    ['twin:S;sdk=1', 'sdk'],
    ['twin:S;http=99', 'http'],
    ['twin:S;notify=', 'notify'],
    ['twin:S;notify=U,maybe', 'notify'],
    ['twin:S;cancel=later', 'cancel'],
    ['twin:S;flag=a b', 'flag'],
    ['twin:S;merchant=%E0%A4%A', 'merchant'],
    ['twin:S;merchant=', 'merchant'],
    ['twin:S;goods=101', 'goods'],
    ['twin:S;request=a/b', 'request'],
    ['twin:S;set=a', 'set'],
    ['twin:S;set=a:{', 'set'],
    ['twin:S;expire=1s;expire=2s', 'stands twice: expire'],
    ['twin:S;pass=a;passLength=2', 'exclude'],
  ])('%s is refused and the fault says %s', (codeValue, expected) => {
    const parsed = parseScript(codeValue);
    expect(parsed).toMatchObject({ ok: false, fault: expect.stringContaining(expected) });
  });

  it('never makes the parser throw', () => {
    const word = fc.constantFrom(
      ...DIRECTIVES.map((directive) => directive.name),
      'S',
      'U',
      ';',
      '=',
      '@',
      '#',
      ',',
      '%',
    );
    const noise = fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 12 });
    fc.assert(
      fc.property(noise, (parts) => {
        const parsed = parseScript(`twin:${parts.join('')}`);
        expect(typeof parsed.ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  it('means the same with any text after the #', () => {
    fc.assert(
      fc.property(fc.string(), (tail) => {
        expect(parseScript(`twin:U,S;pay=5HKD#${tail}`)).toEqual(parseScript('twin:U,S;pay=5HKD'));
      }),
    );
  });

  it('reads every directive in the form that its help shows first', () => {
    for (const { name, form } of DIRECTIVES) {
      const [shown = ''] = form.split(' or ');
      expect({ name, parsed: parseScript(`twin:S;${shown}`) }).toMatchObject({ name, parsed: { ok: true } });
    }
  });
});

describe('the plan of a call', () => {
  it('takes one step after the other and repeats the last', () => {
    const steps = fc.array(fc.constantFrom('S', 'U', 'F.EXPIRED_CODE'), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (texts, call) => {
        const script = scriptOf(`twin:${texts.join(',')}`);
        const expected = texts[Math.min(call, texts.length) - 1] ?? '';
        expect(planOfCall(script, call).step.status).toBe(expected[0]);
      }),
    );
  });

  it.each([
    ['twin:S;slow=9s', [9000, 9000, 9000]],
    ['twin:U,S;slow=9s', [9000, 0, 0]],
    ['twin:U,S;slow=9s@2', [0, 9000, 0]],
    ['twin:U,S;slow=9s@*', [9000, 9000, 9000]],
    ['twin:S;slow=9s@1', [9000, 0, 0]],
  ])('%s waits %j', (codeValue, expected) => {
    const script = scriptOf(codeValue);
    expect([1, 2, 3].map((call) => planOfCall(script, call).delayMs)).toEqual(expected);
  });

  it('has the trouble at the named call only, or at each', () => {
    const script = scriptOf('twin:S;drop@2;unsigned;http=500@3');
    expect(planOfCall(script, 1)).toEqual({
      step: SUCCESS,
      delayMs: 0,
      troubles: new Set(['unsigned']),
      httpStatus: 200,
    });
    expect(planOfCall(script, 2).troubles).toEqual(new Set(['drop', 'unsigned']));
    expect(planOfCall(script, 3).httpStatus).toBe(500);
  });
});
