import { readingsOf } from './pasted-id.js';

const PAYMENT = '018f3a5b-0000-7000-8000-000000000001';
const REQUEST = '20260301190741800100190000000000';

/** As mail servers do that look at a link before somebody follows it. */
const wrapped = (link: string): string =>
  `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}&data=05%7C02&reserved=0`;

describe('a pasted text', () => {
  it.each([
    ['blanks and a line end', ` \t${PAYMENT}\r\n`],
    ['a zero-width space', `\u200b${PAYMENT}\u200b`],
    ['a byte order mark', `\ufeff${PAYMENT}`],
    ['marks of direction', `\u202a${PAYMENT}\u202c`],
    ['a soft hyphen within', PAYMENT.replace('-', '-\u00ad')],
    ['a no-break space', `\u00a0${PAYMENT}\u3000`],
    ['a word joiner within', `${PAYMENT.slice(0, 9)}\u2060${PAYMENT.slice(9)}`],
    ['quotes', `"${PAYMENT}"`],
    ['quotes and a comma, as in JSON', `"${PAYMENT}",`],
    ['typographic quotes', `“${PAYMENT}”`],
    ['quotes of a shell', `'${PAYMENT}'`],
    ['brackets', `<${PAYMENT}>`],
    ['brackets of a list', `["${PAYMENT}"],`],
    ['the end of a sentence', `(${PAYMENT}).`],
    ['ticks', `\`${PAYMENT}\`;`],
    ['a link of the console', `https://ops.example/console/payments/${PAYMENT}`],
    ['a link with a query', `http://127.0.0.1:8080/console/scans/${PAYMENT}?q=x#timeline`],
    ['a link of the API in brackets', `<https://mpp.example/v1/operations/payments/${PAYMENT}/explain>`],
    ['a link of an event', `https://mpp.example/v1/operations/events/${PAYMENT}`],
    ['a link of an approval', `https://ops.example/console/approvals#approval-${PAYMENT}`],
    ['a link of Markdown', `[the payment](https://ops.example/console/payments/${PAYMENT})`],
    ['a link of a chat', `<https://ops.example/console/payments/${PAYMENT}|the payment>`],
    ['quotes of Japan', `「${PAYMENT}」。`],
    ['a link behind a prefix, quoted', `"https://gw.example/pay/console/payments/${PAYMENT}",`],
    ['a link to what was searched', `https://ops.example/console/payments?status=PAID&q=%22${PAYMENT}%22`],
    ['a link to a list of a customer', `https://ops.example/pay/console/payments?q=&customerId=${PAYMENT}`],
    [
      'a search by the API',
      `https://mpp.example/v1/operations/payments?limit=5&paymentRequestId=${PAYMENT}&sort=x`,
    ],
    ['a link that a mail server has wrapped', wrapped(`https://ops.example/console/payments/${PAYMENT}`)],
    ['a wrapped link to a search', wrapped(`https://ops.example/console/payments?q=${PAYMENT}&status=PAID`)],
    [
      'a link of a chat that leads by way of it',
      `https://www.google.com/url?q=https://ops.example/console/scans/${PAYMENT}&sa=D`,
    ],
  ])('may have %s around or in the id', (_what, pasted) =>
    // At most the text itself comes before it, which is nobody's id.
    expect(readingsOf(pasted).slice(0, 2)).toContain(PAYMENT),
  );

  it.each([
    ['a code that ends with a sign', 'https://qr.example/281012020262467128.'],
    ['a code with an id in it', `https://qr.example/pay?id=${PAYMENT}`],
    ['an id with signs within', 'ORDER/2026.03-(7)-a'],
    ['an id of a customer', 'o’brien_7'],
    ['letters of other alphabets', '注文-42'],
    ['an id that ends with a bracket', 'INV-7 (2)'],
    ['an id that ends with a dot', 'No. 7.'],
    ['an address of somebody else with a q', 'https://qr.example/pay?q=7'],
  ])('is searched unchanged at first: %s', (_what, pasted) =>
    expect(readingsOf(` ${pasted} `)[0]).toBe(pasted),
  );

  it.each(['', ' ', '""', '\u200b', '"\u200b",', '()'])('without any content is empty: %j', (pasted) =>
    expect(readingsOf(pasted)).toEqual([]),
  );
});

describe('the other readings of a pasted text', () => {
  it.each([
    ['a label', `paymentId: ${PAYMENT}`],
    ['a label of two words', `Payment ID = ${PAYMENT}`],
    ['a field of JSON', `"paymentId":"${PAYMENT}`],
    ['a field of JSON with blanks', `"paymentId" : "${PAYMENT}"`],
    ['the name of a kind', `urn:uuid:${PAYMENT}`],
    ['a number sign', `#${PAYMENT}`],
    ['a colon after it', `${PAYMENT}:`],
    ['no hyphens', PAYMENT.replaceAll('-', '')],
    ['capitals and no hyphens', PAYMENT.replaceAll('-', '').toUpperCase()],
    ['hyphens that do not break', PAYMENT.replaceAll('-', '\u2011')],
    ['dashes', PAYMENT.replaceAll('-', '\u2013')],
    ['wide digits', PAYMENT.replace(/\d/g, (digit) => String.fromCodePoint(Number(digit) + 0xff10))],
    ['HTML', `<td class="id"><code>${PAYMENT}</code></td>`],
    ['escapes of an address', encodeURIComponent(`"${PAYMENT}"`)],
    ['a sentence', `it hangs: payment ${PAYMENT} of this morning`],
    ['a path of the API', `/v1/payments/${PAYMENT}/confirm`],
  ])('find the id in a text with %s', (_what, pasted) => expect(readingsOf(pasted)).toContain(PAYMENT));

  it.each([
    ['blanks between groups', REQUEST.replace(/(.{4})(?=.)/g, '$1 ')],
    ['hyphens between groups', REQUEST.replace(/(.{4})(?=.)/g, '$1-')],
    ['a label without a colon', `paymentRequestId ${REQUEST}`],
    ['the signs of a spreadsheet', `="${REQUEST}"`],
    ['other columns of a table', `paid\t${REQUEST}\t1000 JPY`],
    ['a label and wide digits', `paymentRequestId：${REQUEST.replaceAll('2', '２')}`],
  ])('find a number in a text with %s', (_what, pasted) => expect(readingsOf(pasted)).toContain(REQUEST));

  it.each([
    ['one that is plain', 'ORDER/2026.03-(7)-a'],
    ['the content of a code', `https://qr.example/pay?id=${PAYMENT}`],
    ['escapes that are none', '100%'],
  ])('are none for %s', (_what, pasted) => expect(readingsOf(pasted)).toEqual([pasted]));

  it('are none for a text with two ids', () => {
    const two = `${PAYMENT} ${PAYMENT.replace('1', '2')}`;
    expect(readingsOf(two)).toEqual([two]);
  });
});
