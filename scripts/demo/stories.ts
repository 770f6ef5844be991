export interface Story {
  readonly title: string;
  readonly codeValue: string;
  readonly expects: 'PAID' | 'REFUSED';
}

/** Each code is a script for the twin; the text after # only makes it unique. */
export const STORIES: readonly Story[] = [
  { title: 'Straight: Alipay+ knows the code at once', codeValue: 'twin:S#straight', expects: 'PAID' },
  {
    title: 'Unknown twice: Alipay+ says U, and U again, before it says S',
    codeValue: 'twin:U,U,S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD#unknown-twice',
    expects: 'PAID',
  },
  { title: 'Refused: the code has expired', codeValue: 'twin:F.EXPIRED_CODE#expired', expects: 'REFUSED' },
  {
    title: 'The first notification is answered U: paid, but not acknowledged until the second',
    codeValue: 'twin:S;notify=U,S#told-twice',
    expects: 'PAID',
  },
];
