import { describe, expect, it } from '@jest/globals';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import { PlatformError } from '../../lambdas/domain/platform-problem.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from './a-platform.ts';

const parse = (yaml: string, sql: Record<string, string> = PLATFORM_SQL) =>
  parsePlatform({ file: 'platform.yaml', yaml, sql });

/** The example with each `[from, to]` replaced. */
function broken(...edits: [from: string, to: string][]) {
  return edits.reduce((yaml, [from, to]) => {
    if (!yaml.includes(from)) throw new Error(`The example does not hold ${from}`);
    return yaml.replace(from, to);
  }, PLATFORM_YAML);
}

function problemsOf(yaml: string, sql?: Record<string, string>): string[] {
  try {
    parse(yaml, sql);
  } catch (error) {
    if (error instanceof PlatformError)
      return error.problems.map(({ path, rule, remedy }) => `${path} ${rule}. ${remedy}`);
    throw error;
  }
  return [];
}

const aRecipient = (name: string, receives = '[everyone]', knownBy = '[golden_id]') =>
  `${name}: { title: Some Ltd, email: ${name}@partner.example, receives: ${receives}, knownBy: ${knownBy} }`;
const withRecipients = (...recipients: string[]): [string, string] => [
  'segments:',
  `recipients:\n  ${recipients.join('\n  ')}\nsegments:`,
];

const ADMIN = 'tenantAdmin: { email: admin@shop.example }';
const anAdmin = (keys: string): [string, string][] => [
  [ADMIN, `tenantAdmin: { email: admin@shop.example, ${keys} }`],
];

const MISTAKES: [what: string, edits: [string, string][], said: string[]][] = [
  [
    'a recipient of what nobody stands in, or does not exist',
    [withRecipients(aRecipient('mailing', '[everyon, revenue, everyone]'))],
    [
      'recipients.mailing.receives[0] names no model or segment: everyon. Did you mean everyone?',
      'recipients.mailing.receives[1] names a table that is identityFree: nobody stands in revenue. Remove it: its recipients need not hear of erasures.',
    ],
  ],
  [
    'a recipient who knows people by what nobody can tell',
    [withRecipients(aRecipient('mailing', '[everyone]', '[golden, phone, email, golden_id]'))],
    [
      'recipients.mailing.knownBy[0] is no identity type: golden. Use one of email, customer_id, phone, golden_id.',
      "recipients.mailing.knownBy[1] is shared: a value of the type phone may be other people's, whom nobody asked to erase. Name a type that points at one person.",
      'recipients.mailing.knownBy[2] stands in nothing that they receive: email. Declare its column in one of everyone, or remove it.',
    ],
  ],
  [
    'two recipients with one address',
    [
      withRecipients(
        aRecipient('post').replace('post@partner.example', 'MAILING@partner.example'),
        aRecipient('mailing'),
      ),
    ],
    [
      'recipients.mailing.email is the address of recipients.post: whose answer a mail is could not be told. Make them one, or give each an address.',
    ],
  ],
  [
    'more recipients than are told in one go',
    [withRecipients(...Array.from({ length: 41 }, (_, i) => aRecipient(`r${i}`)))],
    [
      'recipients are more than 40, which are not told in one go. Let one address pass it on to several.',
    ],
  ],
  [
    'a key for packages that is none',
    anAdmin('packageKey: age1x0000'),
    [
      'tenantAdmin.packageKey is no age recipient: age1x0000. Use the public key that age-keygen prints: age1 and 58 letters and digits.',
    ],
  ],
  [
    'a key for packages with a letter mistyped',
    anAdmin('packageKey: age1hjulle5nvsqdcyw52yrss7n6wrt2jy7sfk2ruqllvrh6pqm9zysshcxuvq'),
    [
      'tenantAdmin.packageKey is no age recipient: age1hjulle5nvsqdcyw52yrss7n6wrt2jy7sfk2ruqllvrh6pqm9zysshcxuvq. Use the public key that age-keygen prints: age1 and 58 letters and digits.',
    ],
  ],
  [
    'the private half of a key, which is not shown again',
    anAdmin('packageKey: AGE-SECRET-KEY-1QQQQ'),
    [
      'tenantAdmin.packageKey is the private half of a key, which no file but its owner’s may hold. Make a new key with age-keygen, because this one has been written down, and put its public half here.',
    ],
  ],
  [
    'a waiting period of no days',
    anAdmin('changeAfter: 12h'),
    [
      'tenantAdmin.changeAfter is wrong: must be a number of days such as 7d, at most 99d. Change its value.',
    ],
  ],
  [
    'an unknown key',
    [['personKey:', 'personkey:']],
    ['sources.crm.personkey is not a key that belongs here. Did you mean personKey?'],
  ],
  [
    'a key of another kind of source',
    [['table: customers', 'table: customers\n    bucket: x']],
    [
      'sources.crm.bucket is not a key that belongs here. Use one of kind, table, credentials, owner, columns, identities, notPersonal, personKey, erasedWhen, holdWhenLosing, retained, disclosure.',
    ],
  ],
  [
    'facts of a disclosure that are missing, or of another shape',
    [
      [
        'identityTypes:',
        'disclosure:\n  controller: Shop GmbH\n  purposes: To deliver.\n  categories: [Orders]\n  recipients: []\n  retention: Ten years.\n  origin: You.\nidentityTypes:',
      ],
    ],
    [
      'disclosure.purposes must be a list. Change its value.',
      'disclosure.recipients is wrong: Too small: expected array to have >=1 items. Change its value.',
      'disclosure.supervisoryAuthority is missing. Add it (a text).',
    ],
  ],
  [
    'a table that differs from facts that nobody has given',
    [
      [
        'table: customers',
        'table: customers\n    disclosure: { title: Yours, retention: A year. }',
      ],
    ],
    [
      'sources.crm.disclosure.retention differs from what nobody has said: there is no disclosure of the whole platform. Add disclosure beside tenantAdmin, with what holds for all tables.',
    ],
  ],
  [
    'a heading for a table that is about nobody',
    [
      [
        'reads: [customers]\n    identityFree',
        'reads: [customers]\n    disclosure: { title: Sums }\n    identityFree',
      ],
    ],
    [
      'models.revenue.disclosure is told to nobody: the table is identityFree, so no row of it is in an export. Remove it, or declare the identity columns.',
    ],
  ],
  [
    'an end of a retention that is none',
    [['table: customers', 'table: customers\n    retained: { basis: tax law, until: 10 years }']],
    [
      'sources.crm.retained.until is wrong: must be a duration such as 10y, 18m or 90d, or a day such as 2036-12-31. Change its value.',
    ],
  ],
  [
    'columns of a retention that leave the person recognisable, or are none',
    [
      [
        'table: customers',
        'table: customers\n    retained: { basis: tax law, until: 10y, columns: [id, phone, emial] }',
      ],
    ],
    [
      'sources.crm.retained.columns[2] is no column of crm: emial. Did you mean email?',
      'sources.crm.retained.columns leaves email, which points at the person. Add email, or leave columns out: then the whole row stays out of the lake.',
    ],
  ],
  [
    'a column in which nobody is looked for, and which is no column or an identity',
    [
      [
        'personKey: customer_id',
        'personKey: customer_id\n    notPersonal: [{ column: mail, reason: x }, { column: phone, reason: x }]',
      ],
    ],
    [
      'sources.crm.notPersonal[1].column is declared as an identity column, too: phone. Remove it here, or from identities.',
      'sources.crm.notPersonal[0].column is no column of crm: mail. Did you mean email?',
    ],
  ],
  [
    'a type that only a text links to another',
    [['- { type: email, column: email }', '- { type: email, column: email, within: text }']],
    [
      'identityTypes.email is linked to no other unique type: no source has both in its rows. Declare the column that links them, or set points: shared.',
      'identityTypes.customer_id is linked to no other unique type: no source has both in its rows. Declare the column that links them, or set points: shared.',
    ],
  ],
  [
    'a missing key',
    [['sender: privacy@shop.example\n', '']],
    ['sender is missing. Add it (a text).'],
  ],
  [
    'an unknown kind',
    [['kind: postgres', 'kind: postgress']],
    ['sources.crm.kind must be one of postgres, s3, dynamodb. Did you mean postgres?'],
  ],
  [
    'a wrong word of a choice',
    [['points: shared', 'points: share']],
    ['identityTypes.phone.points must be one of unique, shared. Did you mean shared?'],
  ],
  [
    'a mistake inside erasedWhen',
    [['columnsCleared: [user]', 'columnCleared: [user]']],
    [
      'sources.web.erasedWhen.columnsCleared is missing. Add it (a list).',
      'sources.web.erasedWhen.columnCleared is not a key that belongs here. Did you mean columnsCleared?',
    ],
  ],
  [
    'an identity in a column that does not exist',
    [['column: email }\n      - { type: phone', 'column: e_mail }\n      - { type: phone']],
    ['sources.crm.identities[1].column is no column of crm: e_mail. Did you mean email?'],
  ],
  [
    'a cleared column that does not exist',
    [['columnsCleared: [user]', 'columnsCleared: [users]']],
    ['sources.web.erasedWhen.columnsCleared[0] is no column of web: users. Did you mean user?'],
  ],
  [
    'a broken path',
    [['"user.emails[]"', '"user[].emails[]"']],
    [
      'sources.web.identities[0].column is no path to a column: user[].emails[]. Write email, user.id, user.emails[] or items[].email.',
    ],
  ],
  [
    'a list read as one value',
    [['"user.emails[]"', 'tags']],
    ['sources.web.identities[0].column is a list: VARCHAR[]. Write tags[].'],
  ],
  [
    'two sources of one name',
    [['  web:\n', '  crm:\n']],
    ['sources.crm is written twice, on lines 15 and 26. Rename one, or remove it.'],
  ],
  [
    'a model with the name of a source',
    [['  revenue:\n', '  web:\n']],
    [
      'models.web has the name of sources.web. Rename one of them.',
      'models.web has no SQL: models/web.sql is missing or empty. Write its SELECT there.',
      'models/revenue.sql belongs to no model and no segment. Declare revenue, or remove the file.',
    ],
  ],
  [
    'a reserved name',
    [['  web:\n', '  identities:\n']],
    ['sources.identities has the name of the view of all identities. Rename one of them.'],
  ],
  [
    'a name with other letters',
    [['  web:\n', '  Web-Shop:\n']],
    [
      'sources.Web-Shop is no name: it must start with a lower-case letter and hold only a-z, 0-9 and _ (at most 40 characters). Rename it.',
    ],
  ],
  [
    'a model that reads what does not exist',
    [['reads: [identities, crm]', 'reads: [identities, crmm]']],
    ['models.customers.reads[1] names no source or model: crmm. Did you mean crm?'],
  ],
  [
    'a circle of models',
    [['reads: [identities, crm]', 'reads: [revenue]']],
    [
      'models.customers.reads closes a circle: customers → revenue → customers. Let one of them no longer read the next.',
    ],
  ],
  [
    'an identity type without a column',
    [['  golden_id:', '  device: { normalForm: text, points: shared }\n  golden_id:']],
    [
      'identityTypes.device stands in no column: no source, model or segment declares one. Declare its column, or remove the type.',
    ],
  ],
  [
    'a unique type that nothing links',
    [
      ['  golden_id:', '  device: { normalForm: text, points: unique }\n  golden_id:'],
      ['type: email, column: "user.emails[]"', 'type: device, column: "user.emails[]"'],
    ],
    [
      'identityTypes.device is linked to no other unique type: no source has both in its rows. Declare the column that links them, or set points: shared.',
    ],
  ],
  [
    'an unknown identity type',
    [['type: phone, column', 'type: phon, column']],
    [
      'identityTypes.phone stands in no column: no source, model or segment declares one. Declare its column, or remove the type.',
      'sources.crm.identities[2].type is no identity type: phon. Did you mean phone?',
    ],
  ],
  [
    'a key made by no model',
    [['madeBy: customers', 'madeBy: custmers']],
    ['identityTypes.golden_id.madeBy names no model: custmers. Did you mean customers?'],
  ],
  [
    'a key made by a model that does not declare it',
    [['madeBy: customers', 'madeBy: revenue']],
    [
      'identityTypes.golden_id.madeBy names a model that declares no column of the type golden_id. Add it to models.revenue.identities.',
    ],
  ],
  [
    'a source with a key that a model makes',
    [['type: phone, column: phone', 'type: golden_id, column: phone']],
    [
      'identityTypes.phone stands in no column: no source, model or segment declares one. Declare its column, or remove the type.',
      'sources.crm.identities[2].type is a key that a model makes: golden_id stands in no source. Remove madeBy, or give this column another type.',
    ],
  ],
  [
    'a model with neither identities nor a reason',
    [['    identityFree: sums over all customers\n', '']],
    [
      'models.revenue declares neither identities nor why it is identityFree. Name its identity columns, or give the reason why it has none; one of the two.',
    ],
  ],
  [
    'a segment with both',
    [['kind: dynamic', 'kind: dynamic\n    identityFree: no']],
    [
      'segments.everyone declares identities and says that it is identityFree. Name its identity columns, or give the reason why it has none; one of the two.',
    ],
  ],
  [
    'an inactive dynamic segment',
    [['kind: dynamic', 'kind: dynamic\n    active: false']],
    [
      'segments.everyone.active is for static segments: a dynamic one is rebuilt by every refresh. Make the segment static, or remove the key.',
    ],
  ],
  [
    'an active segment to drop',
    [['recreate: rerun', 'recreate: drop']],
    [
      'segments.founders.recreate would drop an active segment. Use rerun or keepSurvivors, or set active: false.',
    ],
  ],
  [
    'an unknown time zone',
    [['Europe/Berlin', 'Europe/Bonn']],
    ['timeZone is no time zone: Europe/Bonn. Use an IANA name such as Europe/Berlin.'],
  ],
  [
    'an unknown country',
    [['country: DE\n', 'country: UK\n']],
    ['country is no country: UK. Use an ISO 3166-1 code such as DE.'],
  ],
  [
    'a default country without phone numbers',
    [['defaultCountry: DE', 'defaultCountry: XX']],
    [
      'identityTypes.phone.defaultCountry is no country with phone numbers: XX. Use an ISO 3166-1 code such as DE.',
    ],
  ],
  [
    'a personKey that the source does not declare',
    [['- { type: customer_id, column: id }\n      - { type: email', '- { type: email']],
    [
      'identityTypes.email is linked to no other unique type: no source has both in its rows. Declare the column that links them, or set points: shared.',
      'identityTypes.customer_id stands in no column: no source, model or segment declares one. Declare its column, or remove the type.',
      "sources.crm.personKey must be the type of exactly one of the source's identities, and no list: customer_id. Declare the column that holds it under sources.crm.identities.",
    ],
  ],
  [
    'a personKey in two columns, and one in a list',
    [
      [
        '- { type: phone, column: phone }',
        '- { type: customer_id, column: phone }\n      - { type: phone, column: phone }',
      ],
      ['    erasedWhen:', '    personKey: email\n    erasedWhen:'],
    ],
    ['crm', 'web'].map(
      (source) =>
        `sources.${source}.personKey must be the type of exactly one of the source's identities, and no list: ${source === 'crm' ? 'customer_id' : 'email'}. Declare the column that holds it under sources.${source}.identities.`,
    ),
  ],
  [
    'a key made for a person that is shared',
    [['points: unique, madeBy', 'points: shared, madeBy']],
    [
      'identityTypes.golden_id.points is shared, but a key that a model makes for a person points at that person. Set points: unique.',
    ],
  ],
  [
    'a country for what is no phone',
    [
      [
        'normalForm: email, points: unique',
        'normalForm: email, points: unique, defaultCountry: DE',
      ],
    ],
    [
      'identityTypes.email.defaultCountry only has a meaning for phones. Remove it, or set normalForm: phone.',
    ],
  ],
  [
    'a column with the name that tells rows apart',
    [['phone: VARCHAR }', 'phone: VARCHAR, _row: BIGINT }']],
    [
      'sources.crm.columns._row has the name by which models tell rows apart. Leave the column out, or rename it in the source.',
    ],
  ],
  [
    'a personKey of a shared type',
    [['personKey: customer_id', 'personKey: phone']],
    [
      'sources.crm.personKey must be an email or a text, which SQL can tell apart: phone is a phone. Choose another key, or give the type normalForm: text.',
      'sources.crm.personKey must be a unique type that stands in sources: phone. Choose the key by which the source tells people apart.',
    ],
  ],
];

describe('parsePlatform', () => {
  it('reads a platform that is right, with its defaults', () => {
    const { platform, sql } = parse(PLATFORM_YAML);
    expect(platform.sources.crm?.erasedWhen).toBe('rowGone');
    expect(platform.retention.inactiveDays).toBe(30);
    expect(sql).toEqual(PLATFORM_SQL);
  });

  it.each(MISTAKES)('names %s', (_, edits, said) => {
    expect(problemsOf(broken(...edits))).toEqual(said);
  });

  it('names a model without its SQL, and SQL without its model', () => {
    const { revenue, ...others } = PLATFORM_SQL;
    expect(problemsOf(PLATFORM_YAML, { ...others, customers: ' ', old: revenue })).toEqual([
      'models.customers has no SQL: models/customers.sql is missing or empty. Write its SELECT there.',
      'models.revenue has no SQL: models/revenue.sql is missing or empty. Write its SELECT there.',
      'models/old.sql belongs to no model and no segment. Declare old, or remove the file.',
    ]);
  });

  it('asks for no link where there is only one unique type', () => {
    const yaml = broken(
      ['  customer_id: { normalForm: text, points: unique }\n', ''],
      ['      - { type: customer_id, column: id }\n', ''],
      ['    personKey: customer_id\n', ''],
    );
    expect(problemsOf(yaml)).toEqual([]);
  });

  it('names the line that is not YAML', () => {
    expect(problemsOf('platform: shop\nsources: [')[0]).toMatch(/^line \d+ is not YAML: /);
  });

  it('names mistakes of shape and between the parts all at once', () => {
    const yaml = broken(
      ['sender: privacy@shop.example', 'sender: nobody'],
      ['reads: [identities, crm]', 'reads: [revenue]'],
    );
    expect(problemsOf(yaml).map((problem) => problem.split(' ')[0])).toEqual([
      'sender',
      'models.customers.reads',
    ]);
  });

  it('says in one message which file, and every mistake in it', () => {
    expect(() => parse(broken(['personKey:', 'personkey:'], ['sender:', 'sendr:']))).toThrow(
      /^platform\.yaml has 3 mistakes:\n {2}sender is missing/,
    );
  });

  it('keeps its hash when comments and the order of keys change, and not when a value or SQL does', () => {
    const { hash } = parse(PLATFORM_YAML);
    const first = '  email: { normalForm: email, points: unique }\n';
    const second = '  customer_id: { normalForm: text, points: unique }\n';
    const reordered = broken(['platform: shop\n', ''], [first + second, second + first]);
    expect(parse(`# ours\n${reordered}\nplatform: shop`).hash).toBe(hash);
    expect(parse(broken(['platform: shop', 'platform: store'])).hash).not.toBe(hash);
    expect(parse(PLATFORM_YAML, { ...PLATFORM_SQL, revenue: 'SELECT 2' }).hash).not.toBe(hash);
  });
});

it('takes a tenant admin with a key, and gives them a week where the file says nothing else', () => {
  const packageKey = 'age1hjulle5nvsqdcyw52yrss7n6wrt2jy7sfk2ruqllvrh6pqm9zysshcxuvt';
  const email = 'admin@shop.example';
  const adminOf = (...edits: [string, string][]) => parse(broken(...edits)).platform.tenantAdmin;
  expect(adminOf()).toEqual({ email, changeAfter: '7d' });
  expect(adminOf(...anAdmin(`packageKey: ${packageKey}, changeAfter: 14d`))).toEqual({
    email,
    packageKey,
    changeAfter: '14d',
  });
});
