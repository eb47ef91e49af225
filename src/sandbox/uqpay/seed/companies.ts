import type { BusinessCode } from '../records.ts';

/** How active an account is. */
export type Volume = 'none' | 'low' | 'middle' | 'high';

/** One invented sub-account, before it gets ids. */
export interface CompanyPlan {
  readonly name: string;
  readonly country: string;
  readonly lines: readonly BusinessCode[];
  readonly currencies: readonly [string, ...string[]];
  readonly volume: Volume;
  readonly status: string;
  readonly verification: string;
  readonly entityType: 'COMPANY' | 'INDIVIDUAL';
}

const codeOfLetter = { B: 'BANKING', A: 'ACQUIRING', I: 'ISSUING' } as const;

/** Name, country, lines as letters, currencies, volume, then status and verification if they are not the usual ones. */
type Row = readonly [string, string, string, string, Volume, string?, string?];

const companies: readonly Row[] = [
  ['Juniper & Rye Coffee Roasters', 'SG', 'BAI', 'SGD USD EUR', 'high'],
  ['Bluefin Marine Supplies', 'SG', 'BAI', 'USD SGD JPY', 'high'],
  ['Northlight Travel', 'GB', 'BAI', 'GBP EUR USD', 'high'],
  ['Copperleaf Trading', 'HK', 'BI', 'HKD USD CNY', 'high'],
  ['Sakura Lane Stationery', 'JP', 'BA', 'JPY USD', 'middle'],
  ['Meridian Precision Instruments', 'CH', 'BAI', 'CHF EUR USD', 'middle'],
  ['Lantern Bay Hotels', 'TH', 'BAI', 'THB USD SGD', 'high'],
  ['Fernhill Outdoor', 'AU', 'BAI', 'AUD USD', 'middle'],
  ['Maple & Main Furniture', 'CA', 'BAI', 'CAD USD', 'middle'],
  ['Oasis Date Company', 'KW', 'BA', 'KWD USD', 'middle'],
  ['Silverstream Games', 'SG', 'BAI', 'USD EUR GBP SGD', 'high'],
  ['Granite Peak Logistics', 'US', 'BI', 'USD CAD', 'middle'],
  ['Old Harbour Books', 'GB', 'BA', 'GBP EUR', 'low'],
  ['Pixel Orchard Studio', 'NL', 'BAI', 'EUR USD', 'middle'],
  ['Red Lotus Tea House', 'HK', 'BAI', 'HKD CNY', 'middle'],
  ['Windmill Bicycles', 'NL', 'BA', 'EUR GBP', 'low'],
  ['Aurora Dental Group', 'AU', 'BI', 'AUD USD', 'middle'],
  ['Kite & Anchor Insurance Brokers', 'GB', 'B', 'GBP USD', 'low'],
  ['Saffron Street Foods', 'SG', 'BAI', 'SGD THB', 'middle'],
  ['Tidewater Analytics', 'US', 'BI', 'USD', 'middle'],
  ['Evergreen Tutors', 'SG', 'BA', 'SGD USD', 'low'],
  ['Moonrise Cosmetics', 'HK', 'BA', 'HKD USD', 'low'],
  ['Polar Route Shipping', 'CA', 'B', 'CAD USD EUR', 'middle'],
  ['Clearwater Fleet Cards', 'SG', 'I', 'USD SGD', 'high'],
  ['Halcyon Expense', 'GB', 'I', 'GBP USD', 'middle'],
  ['Brightside Benefits', 'US', 'I', 'USD', 'middle'],
  ['Lucky Koi Payments', 'HK', 'A', 'HKD USD', 'none'],
  ['Terracotta Tickets', 'FR', 'A', 'EUR GBP', 'none'],
  ['Nine Rivers Wholesale', 'CN', 'BA', 'CNY USD', 'middle'],
  ['Amber Road Imports', 'DE', 'BI', 'EUR USD', 'middle'],
  ['Violet Hour Events', 'FR', 'BAI', 'EUR', 'low'],
  ['Stonebridge Property', 'GB', 'B', 'GBP', 'low'],
  ['Golden Acre Foods', 'TH', 'BA', 'THB USD', 'low'],
  ['Summit Trail Media', 'CA', 'BAI', 'CAD USD', 'low'],
  ['Paper Crane Robotics', 'JP', 'BI', 'JPY USD', 'low'],
  ['Coral Coast Diving', 'AU', 'BAI', 'AUD USD', 'low'],
  ['Quiet Valley Winery', 'CH', 'BA', 'CHF EUR', 'low'],
  ['Foxglove Pharmacy', 'GB', 'BAI', 'GBP', 'low', 'PROCESSING', 'PENDING'],
  ['Drift & Dune Apparel', 'AE', 'BA', 'USD', 'none', 'PENDING', 'PENDING'],
  ['Ironwood Tools', 'US', 'BAI', 'USD CAD', 'low', 'SUSPENDED', 'APPROVED'],
  ['Blackbird Records', 'GB', 'BI', 'GBP', 'low', 'INACTIVE', 'EXPIRED'],
  ['Cedar Gate Consulting', 'SG', 'B', 'SGD', 'low', 'CLOSED', 'APPROVED'],
  ['Tangerine Mobility', 'DE', 'BAI', 'EUR', 'none', 'REVIEW', 'RETURN'],
  ['Wavelength Audio', 'US', 'BA', 'USD', 'none', 'INACTIVE', 'REJECT'],
  ['Marble Arch Antiques', 'GB', 'BA', 'GBP EUR', 'low', 'UNDER_OBSERVATION', 'ESCALATED'],
];

/** Sole traders. */
const people: readonly Row[] = [
  ['Imogen Vale', 'GB', 'BI', 'GBP USD', 'low'],
  ['Tomas Lindqvist-Ong', 'SG', 'B', 'SGD', 'low'],
  ['Priya Castellane', 'FR', 'BA', 'EUR', 'low'],
];

/** The sub-accounts in the order in which they were opened. */
export const companyPlans: readonly CompanyPlan[] = [
  ...companies.map((row) => toPlan(row, 'COMPANY')),
  ...people.map((row) => toPlan(row, 'INDIVIDUAL')),
];

function toPlan(
  [name, country, letters, currencies, volume, status = 'ACTIVE', verification = 'APPROVED']: Row,
  entityType: CompanyPlan['entityType'],
): CompanyPlan {
  const [first = 'USD', ...rest] = currencies.split(' ');
  const lines = Object.entries(codeOfLetter)
    .filter(([letter]) => letters.includes(letter))
    .map(([, code]) => code);
  return { name, country, lines, currencies: [first, ...rest], volume, status, verification, entityType };
}
