/** What a payer does with the shown payment. */
type Deed = 'confirm' | 'decline' | 'wait';

export interface PlannedPayment {
  readonly codeValue: string;
  readonly customerId: string;
  readonly deed: Deed;
  /** Its notification is parked at the end of the hour. */
  readonly isParked: boolean;
}

interface Kind {
  /** The share in percent. */
  readonly share: number;
  readonly script: string;
  readonly deed: Deed;
  readonly customerId?: string;
  readonly isParked?: boolean;
}

export const BLOCKED = 'frida-blocked';
/** The wallet's core does not answer about this customer. */
export const SILENT = 'sam-in-doubt';
export const PAYERS = ['ada', 'bao', 'chidi', 'dilnoza', 'emeka', 'fatima', 'goro', 'hana', 'iker', 'jun'];

const KINDS: readonly Kind[] = [
  { share: 53, script: 'S', deed: 'confirm' },
  { share: 9, script: 'U,U,S', deed: 'confirm' },
  { share: 6, script: 'S;notify=U,S', deed: 'confirm' },
  { share: 4, script: 'S;notify=500,slow:1s,S', deed: 'confirm' },
  { share: 4, script: 'S', deed: 'confirm', customerId: BLOCKED },
  { share: 4, script: 'S', deed: 'decline' },
  { share: 3, script: 'S', deed: 'wait' },
  { share: 3, script: 'S;expire=20s', deed: 'wait' },
  { share: 3, script: 'S;cancel=afterPaid', deed: 'confirm' },
  { share: 2, script: 'S;notify=500', deed: 'confirm', isParked: true },
  { share: 2, script: 'S;notify=F.REPEAT_REQ_INCONSISTENT', deed: 'confirm' },
  { share: 1, script: 'S;notify=500', deed: 'confirm' },
  { share: 1, script: 'S;sdk', deed: 'wait' },
  { share: 1, script: 'S;flag=needOtpVerification', deed: 'wait' },
  { share: 1, script: 'S', deed: 'confirm', customerId: SILENT },
  { share: 2, script: 'F.EXPIRED_CODE', deed: 'wait' },
  { share: 1, script: 'U', deed: 'wait' },
];

interface Shop {
  readonly name: string;
  readonly currency: string;
  /** Minor units of HKD for one minor unit of the currency. */
  readonly rate: number;
  /** Of one purchase, in minor units. */
  readonly from: number;
  readonly to: number;
}

const SHOPS: readonly Shop[] = [
  { name: 'Kissa Komorebi 珈琲', currency: 'JPY', rate: 5.21, from: 380, to: 4_200 },
  { name: 'Ramen Yatai 24', currency: 'JPY', rate: 5.21, from: 900, to: 6_500 },
  { name: 'Boulangerie Vauban', currency: 'EUR', rate: 8.45, from: 240, to: 3_900 },
  { name: 'Café Größenwahn', currency: 'EUR', rate: 8.45, from: 350, to: 5_200 },
  { name: 'Nasi Kandar Pelangi', currency: 'MYR', rate: 1.76, from: 650, to: 9_900 },
  { name: 'Krua Apsorn Tha Tien', currency: 'THB', rate: 0.22, from: 6_000, to: 120_000 },
  { name: 'Hawker Row 12', currency: 'SGD', rate: 5.83, from: 450, to: 8_800 },
  { name: 'Bukchon Bindaetteok', currency: 'KRW', rate: 0.56, from: 4_000, to: 98_000 },
  { name: 'Casa Pastéis & Filhos', currency: 'EUR', rate: 8.45, from: 130, to: 2_400 },
  { name: 'Wan Chai Hardware', currency: 'HKD', rate: 1, from: 1_200, to: 240_000 },
];

/** The same few hundred payments every time: the place in the list determines all of one. */
export function plannedPayment(place: number): PlannedPayment {
  const kind = kindOf(place);
  const shop = SHOPS[(place * 7) % SHOPS.length] ?? SHOPS[0];
  const payer = PAYERS[(place * 3 + Math.floor(place / 10)) % PAYERS.length] ?? '';
  const amount = shop === undefined ? '' : `;${purchase(shop, place)}`;
  return {
    codeValue: `twin:${kind.script}${kind.script.includes('S') ? amount : ''}#console-${place}`,
    customerId: kind.customerId ?? payer,
    deed: kind.deed,
    isParked: kind.isParked ?? false,
  };
}

/** 37 has no common factor with 100, so that the kinds are well mixed. */
function kindOf(place: number): Kind {
  let left = (place * 37) % 100;
  for (const kind of KINDS) {
    if (left < kind.share) return kind;
    left -= kind.share;
  }
  throw new Error('the shares of the kinds are not a hundred');
}

function purchase({ name, currency, rate, from, to }: Shop, place: number): string {
  const pay = from + Math.floor(((place * 7_919) % 1_000) * ((to - from) / 1_000));
  const payTo = Math.max(1, Math.round(pay * rate));
  return `pay=${pay}${currency};payTo=${payTo}HKD;merchant=${encodeURIComponent(name)}`;
}
