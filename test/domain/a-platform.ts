/** A small platform that is right, as YAML text and SQL; tests break it. */
export const PLATFORM_YAML = `
platform: shop
timeZone: Europe/Berlin
country: DE
sender: privacy@shop.example
tenantAdmin: { email: admin@shop.example }
operator: { email: operator@shop.example }
supportContact: { email: support@shop.example }
identityTypes:
  email: { normalForm: email, points: unique }
  customer_id: { normalForm: text, points: unique }
  phone: { normalForm: phone, points: shared, defaultCountry: DE }
  golden_id: { normalForm: text, points: unique, madeBy: customers }
sources:
  crm:
    kind: postgres
    table: customers
    credentials: crm-login
    owner: { email: crm@shop.example }
    columns: { id: BIGINT, email: VARCHAR, phone: VARCHAR }
    identities:
      - { type: customer_id, column: id }
      - { type: email, column: email }
      - { type: phone, column: phone }
    personKey: customer_id
  web:
    kind: s3
    format: jsonLines
    bucket: shop-events
    prefix: web/
    owner: { email: web@shop.example }
    columns: { user: "STRUCT(emails VARCHAR[])", tags: "VARCHAR[]" }
    identities:
      - { type: email, column: "user.emails[]" }
    erasedWhen: { columnsCleared: [user] }
models:
  customers:
    reads: [identities, crm]
    identities:
      - { type: golden_id, column: golden_id }
      - { type: email, column: email }
  revenue:
    reads: [customers]
    identityFree: sums over all customers
segments:
  everyone:
    kind: dynamic
    reads: [customers]
    identities: [{ type: golden_id, column: golden_id }]
  founders:
    kind: static
    recreate: rerun
    reads: [customers]
    identities: [{ type: golden_id, column: golden_id }]
`;

export const PLATFORM_SQL = {
  customers: 'SELECT 1',
  revenue: 'SELECT 1',
  everyone: 'SELECT 1',
  founders: 'SELECT 1',
};
