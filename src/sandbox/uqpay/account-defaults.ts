import type { RandomWords } from '../shared/random.ts';
import type { AccountRecord } from './records.ts';

/** A new account; omitted fields have defaults. */
export type NewUqpayAccount = Partial<AccountRecord>;

/** A complete account record: by default a company in Singapore with all three lines. */
export function toAccountRecord(input: NewUqpayAccount, random: RandomWords): AccountRecord {
  const account_id = input.account_id ?? random.uuid();
  const account_name = input.account_name ?? `Sandbox Account ${account_id.slice(0, 8)}`;
  const country = input.country ?? 'SG';
  const email = input.email ?? `finance@${toDomain(account_name)}`;
  const entity_type = input.entity_type ?? 'COMPANY';
  const record = {
    account_id,
    short_reference_id: input.short_reference_id ?? random.shortReference(),
    business_code: input.business_code ?? ['BANKING', 'ACQUIRING', 'ISSUING'],
    email,
    account_name,
    country,
    status: input.status ?? 'ACTIVE',
    verification_status: input.verification_status ?? 'APPROVED',
    entity_type,
    contact_details: input.contact_details ?? { email, phone: `+65${random.digits(8)}` },
    detail: input.detail ?? privateDetail(entity_type, country, email, random),
  } satisfies AccountRecord;
  if (input.business_details !== undefined) return { ...record, business_details: input.business_details };
  if (entity_type !== 'COMPANY') return record;
  return {
    ...record,
    business_details: {
      legal_entity_name: account_name,
      registration_number: random.digits(9),
      website: `https://${toDomain(account_name)}`,
    },
  };
}

/** The private fields of section 3.2; every value is invented and easy to search for. */
function privateDetail(
  entityType: string,
  country: string,
  email: string,
  random: RandomWords,
): Record<string, unknown> {
  const address = {
    line1: `${random.digits(2)} Private Lane`,
    city: 'Privateville',
    postal_code: random.digits(6),
  };
  const person = {
    first_name: 'Private',
    last_name: `Person-${random.digits(5)}`,
    date_of_birth: '1980-01-01',
    id_number: `PRIVATE-${random.digits(9)}`,
    email,
  };
  const common = { review_reason: '', documents: [{ type: 'PASSPORT', number: person.id_number }] };
  return entityType === 'COMPANY'
    ? {
        ...common,
        registration_address: { ...address, country_code: country },
        business_address: [{ ...address, country_code: country }],
        representatives: [{ ...person, role: 'DIRECTOR' }],
        tos_acceptance: { ip: '192.0.2.1', date: '2025-01-01T00:00:00+08:00' },
      }
    : { ...common, person_details: person, residential_address: { ...address, country_code: country } };
}

/** A reserved domain for a company name. */
function toDomain(name: string): string {
  return `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}.example`;
}
