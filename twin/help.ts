import { DIRECTIVES } from './script/directives.js';
import { SETTINGS } from './settings.js';

interface Entry {
  readonly term: string;
  readonly about: string;
}

interface Section {
  readonly title: string;
  readonly text: string;
  readonly entries: readonly Entry[];
}

const STEPS: readonly Entry[] = [
  { term: 'S', about: 'The code is decoded: an order comes back.' },
  { term: 'F, F.CODE', about: 'The code is refused for good; PROCESS_FAIL unless a result code is named.' },
  {
    term: 'U, U.CODE',
    about: 'Unknown; UNKNOWN_EXCEPTION unless named. U.REQUEST_TRAFFIC_EXCEED_LIMIT throttles.',
  },
];

const CONTROLS: readonly Entry[] = [
  { term: 'GET /_twin', about: 'This text.' },
  {
    term: 'GET /_twin/orders',
    about:
      'Every order (and code without one) with notifications, cancels, inquiries. ?codeValue= ?paymentRequestId=',
  },
  { term: 'GET /_twin/calls', about: 'The latest 20000 inbound calls. ?codeValue= ?path=' },
  { term: 'GET /_twin/summary', about: 'Counts, and each defect found in what the MPP sent to the twin.' },
  { term: 'POST /_twin/reset', about: 'Empties the books and ends all trouble.' },
  {
    term: 'POST /_twin/orders/{paymentRequestId}/cancel',
    about: 'Sends cancelPayment now, also for an unknown id; answers with the first attempt.',
  },
  { term: 'POST /_twin/orders/{paymentRequestId}/inquire', about: 'Sends inquiryPayment now.' },
  {
    term: 'POST /_twin/orders/{paymentRequestId}/refund',
    about:
      'Sends refund now with the fields of the body, e.g. {"refundRequestId": "r-1", "refundAmount": {"value": "30", "currency": "JPY"}, "refundFromAmount": {"value": "257", "currency": "HKD"}}.',
  },
  {
    term: 'POST /_twin/orders/{paymentRequestId}/inquirerefund',
    about: 'Sends inquiryRefund now for the refundRequestId of the body.',
  },
  {
    term: 'POST /_twin/behaviour',
    about:
      'Trouble for everyone: {"down":true} hangs up on each call, {"slowMs":2000}, {"everyUserInitiatedPay":"U.REQUEST_TRAFFIC_EXCEED_LIMIT"}, {"everyNotification":"500"}, {"everyAnswer":"unsigned"} (or badsig, garbage); false, 0 or null end it. {"mppBaseUrl":"http://..."} says where the MPP lives. {"keyVersion":"2"} signs with another key of TWIN_PRIVATE_KEY_FILE from now on.',
  },
];

const EXAMPLES: readonly Entry[] = [
  { term: 'twin:S#1', about: 'Decoded at once: 1000 JPY, 8561 HKD to settle.' },
  { term: 'twin:U,U,S#2', about: 'Unknown twice, then decoded.' },
  { term: 'twin:F.EXPIRED_CODE#3', about: 'Refused.' },
  {
    term: 'twin:S;pay=1000JPY;rate=8.5614;promo=5JPY;surcharge=8916HKD#4',
    about: 'A promotion and a surcharge.',
  },
  { term: 'twin:S;slow=9s@1#5', about: 'The first call is answered too late, the second at once.' },
  {
    term: 'twin:S;notify=500,U,S;expire=20s#6',
    about: 'The result is acknowledged at the third notification.',
  },
  { term: 'twin:S;cancel=afterPaid#7', about: 'Cancelled as soon as it was paid.' },
  { term: 'twin:S;refund=30JPY@3s,970JPY#8', about: 'Refunded in two parts once it was paid.' },
];

const SECTIONS: readonly Section[] = [
  {
    title: 'Settings',
    text: 'All come from the environment. Without keys the twin makes two pairs, keeps them, and says what to tell the MPP.',
    entries: SETTINGS.map(({ name, preset, about }) => ({
      term: name,
      about: preset === '' ? about : `${about} Default: ${preset}`,
    })),
  },
  {
    title: 'Codes that are scripts',
    text: 'A code value reads twin:STEP,STEP;directive;directive=value#anything. The n-th call takes the n-th step; the last step repeats. What follows # only makes the code unique: the same code is always the same order. A code that does not begin with twin: means twin:S. A script that cannot be read is answered F INVALID_CODE, and the resultMessage says why.',
    entries: STEPS,
  },
  {
    title: 'Directives',
    text: 'Texts are percent-encoded where they contain ; # or %. Where @2 may follow, it names the second call of the code, and @* every call.',
    entries: DIRECTIVES.map(({ form, about }) => ({ term: form, about })),
  },
  { title: 'Examples', text: 'Any of these can be scanned as they stand.', entries: EXAMPLES },
  {
    title: 'Looking and turning',
    text: 'Open to this machine only, without a password. Answers are JSON.',
    entries: CONTROLS,
  },
];

const INTRODUCTION =
  'The twin plays Alipay+ towards an MPP: it decodes codes, checks signatures, takes notifications, asks and cancels, and keeps books of what it was told.';

const USAGE = 'mpp twin [--json] [--markdown], or node dist/twin/main.js; --help explains both';

export function helpText(): string {
  const sections = SECTIONS.map(({ title, text, entries }) => {
    const lines = entries.map(({ term, about }) => `  ${term}\n${wrapped(about, '      ')}`);
    return `${title}\n${wrapped(text, '  ')}\n\n${lines.join('\n')}\n`;
  });
  return `${wrapped(INTRODUCTION, '')}\n\n${USAGE}\n\n${sections.join('\n')}`;
}

/** The same text as the section of the README between its two marks. */
export function helpMarkdown(): string {
  const sections = SECTIONS.map(({ title, text, entries }) => {
    const items = entries.map(({ term, about }) => `- \`${term}\`: ${about.replaceAll('*', '\\*')}`);
    return `## ${title}\n\n${text.replaceAll('*', '\\*')}\n\n${items.join('\n')}\n`;
  });
  return sections.join('\n');
}

const LINE_CHARACTERS = 96;

function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > LINE_CHARACTERS && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
