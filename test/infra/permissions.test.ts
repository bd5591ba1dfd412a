import { describe, expect, it } from '@jest/globals';
import { aStack } from './a-stack.ts';
import { type Allowed, refusalsOf, rolesOf } from './roles.ts';

const stack = aStack();
const roles = rolesOf(stack);
const inAVpc = rolesOf(
  aStack({ network: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] } }),
);

const on = (allowed: Allowed[], resource: RegExp) =>
  allowed.filter(({ resources }) => resources.some((one) => resource.test(one)));
const actionsOf = (allowed: Allowed[]) => [...new Set(allowed.flatMap(({ actions }) => actions))];
const whoMay = (action: string, resource = /./) =>
  [...roles]
    .filter(([, allowed]) => actionsOf(on(allowed, resource)).includes(action))
    .map(([step]) => step)
    .sort();

/** The one step that deletes data. */
const DELETES_DATA = 'clean-up-inactive-data/deleteCopy';
const DELETES: Record<string, string[]> = {
  [DELETES_DATA]: ['/partitions/*', '/snapshots/*'],
  'export-data/deletePackage': ['/packages/*'],
  'clean-up-inactive-data/sweepLeftovers': ['/packages/*', '/work/*'],
  'delete-customer-data/settlePackages': ['/packages/*'],
};

describe.each([...roles])('%s', (step, allowed) => {
  it('names every action and every resource', () => {
    expect(actionsOf(allowed).filter((action) => action.includes('*'))).toEqual([]);
    expect(on(allowed, /^"\*"$/)).toEqual([]);
  });

  it('only appends to the ledger', () => {
    const actions = actionsOf(on(allowed, /Ledger[^/]*$/));
    expect(['dynamodb:PutItem', 'dynamodb:Query']).toEqual(expect.arrayContaining(actions));
    const ofItsIndex = actionsOf(on(allowed, /Ledger.*index/));
    expect(['dynamodb:Query', 'dynamodb:Scan']).toEqual(expect.arrayContaining(ofItsIndex));
  });

  it('deletes from the lake only what is under work/, if it is not there for more', () => {
    const deletions = allowed.filter(({ actions }) =>
      actions.some((action) => action.startsWith('s3:Delete')),
    );
    const folders = DELETES[step] ?? ['/work/*'];
    for (const { resources } of deletions)
      expect(resources).toEqual(folders.map((folder) => expect.stringContaining(folder)));
  });

  it('can erase, or add evidence, but not both', () => {
    const evidence = actionsOf(on(allowed, /StoresEvidence/));
    expect(['s3:GetObject', 's3:ListBucket', 's3:PutObject']).toEqual(
      expect.arrayContaining(evidence),
    );
    const erases = actionsOf(allowed).filter((action) => /:(Batch)?(Delete|Write)/.test(action));
    expect(evidence.includes('s3:PutObject') ? erases : []).toEqual([]);
  });

  it('uses the key of tables and lake through their service only', () => {
    for (const { condition } of on(allowed, /KeysData/))
      expect(condition).toMatch(/kms:ViaService.*(dynamodb|s3)\./);
  });

  it('reads of the sources what is declared, and changes nothing there', () => {
    const sources = on(allowed, /crm-login|shop-exports|loyalty-members/);
    expect([
      'dynamodb:Scan',
      's3:GetObject',
      's3:ListBucket',
      'secretsmanager:GetSecretValue',
    ]).toEqual(expect.arrayContaining(actionsOf(sources)));
  });

  it('deletes from the tables only who waits, that somebody asked before, and what is over', () => {
    const keys = on(allowed, /Catalog|TablesRequests/)
      .filter(({ actions }) => actions.includes('dynamodb:DeleteItem'))
      .flatMap(({ condition }) => leadingKeysOf(condition));
    expect([...WAITS, ...(OVER[step] ?? [])]).toEqual(expect.arrayContaining(keys));
  });

  it('mails from the declared sender only', () => {
    for (const { resources, condition } of allowed.filter(({ actions }) =>
      actions.includes('ses:SendRawEmail'),
    )) {
      for (const resource of resources)
        expect(resource).toMatch(
          /:(identity\/(privacy@)?platform\.example|configuration-set\/dsr-test-mails)"/,
        );
      expect(condition).toContain('"ses:FromAddress":"privacy@platform.example"');
    }
  });
});

/** Rows that any step may delete which is given them, and those that the clean-up's steps may. */
const WAITS = ['QUEUE', 'VERIFYING', 'HOLD', 'source#*', 'SAME#*', 'EXPORTS', 'GATHERED#*'];
const OVER: Record<string, string[]> = {
  'sweeper/sweep': ['GATHERING', 'NEWS'],
  [DELETES_DATA]: ['PARTITION'],
  'clean-up-inactive-data/completeCertificates': ['OUTSTANDING'],
  'clean-up-inactive-data/sweepLeftovers': [
    ...['SNAPSHOT', 'CYCLE', 'CYCLE#*'],
    ...['?'.repeat(26), 'faults#*', 'TRACES'],
  ],
};

function leadingKeysOf(condition: string): string[] {
  const keys = JSON.parse(condition)['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  // Without the condition, every row.
  return keys === undefined ? ['*'] : [keys].flat();
}

/** Who may put or update a row with this partition key, as IAM decides it. */
const whoMayChange = (key: string): string[] => {
  const isLike = (patterns: string[]) =>
    patterns.some((one) =>
      new RegExp(`^${one.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(key),
    );
  return [...roles]
    .filter(([, allowed]) =>
      on(allowed, /TablesRequests[^/]*$/).some(({ actions, condition }) => {
        const operators = Object.entries(JSON.parse(condition) as Record<string, object>);
        return (
          actions.some((action) => /:(Put|Update)Item$/.test(action)) &&
          operators.every(([operator, keys]) => {
            const patterns = [Object.values(keys)[0]].flat() as string[];
            return operator.endsWith(':StringNotLike') ? !isLike(patterns) : isLike(patterns);
          })
        );
      }),
    )
    .map(([step]) => step)
    .sort();
};

it('another tenant admin is registered by code, denied at the desk, and expires by the sweep', () => {
  const registers = ['desk/decide', 'pages/servePages', 'sweeper/sweep'];
  expect(whoMayChange('platform')).toEqual(registers);
  expect(whoMayChange('admin#1')).toEqual([...registers, 'pages/recordBounce'].sort());
});

it('every step keeps its faults, and only who records what it does writes anything else', () => {
  const changesRequests = whoMayChange('NEWS');
  expect(changesRequests).toContain('delete-customer-data/certify');
  expect(changesRequests).not.toContain('refresh-cycle/buildModel');
  for (const key of ['LINK#1', 'SENT#1', 'MAIL#1', 'SAME#1', 'source#crm', 'line#refresh'])
    expect(whoMayChange(key)).toEqual(changesRequests);
  for (const key of ['faults#2026-11-26', '01KA0000000000000000000000'])
    expect(whoMayChange(key)).toEqual([...roles.keys()].sort());
});

describe('one step alone', () => {
  it('deletes partitions and snapshots, and is refused everything else of the lake', () => {
    expect(whoMay('s3:DeleteObjectVersion', /partitions|snapshots/)).toEqual([DELETES_DATA]);
    const data = ['/partitions/*', '/snapshots/*'].map((folder) => expect.stringContaining(folder));
    expect(refusalsOf(stack).get(DELETES_DATA)).toEqual([
      {
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
        resources: data,
        condition: '{}',
      },
    ]);
  });

  it('deletes keys when a request closes', () => {
    expect(whoMay('dynamodb:DeleteItem', /RequestKeys/)).toEqual([
      'delete-customer-data/closeRequest',
      'export-data/closeRequest',
    ]);
  });

  it('deletes the work of a cycle', () => {
    expect(whoMay('s3:DeleteObjectVersion', /work/)).toEqual([
      'clean-up-inactive-data/sweepLeftovers',
      'refresh-cycle/closeTheDoor',
      'refresh-cycle/endCycle',
      'sweeper/executionEnded',
      'sweeper/sweep',
    ]);
  });

  it('recognises the same person again, when a request opens', () => {
    expect(whoMay('kms:GenerateMac', /KeysRecognition/)).toEqual([
      'desk/openRequest',
      'mail/receiveMail',
      'mail/rereadMail',
    ]);
  });

  it('adds evidence, and signs heads of the ledger', () => {
    expect(whoMay('s3:PutObject', /Evidence/)).toEqual(['evidence/signHeads']);
    expect(whoMay('kms:Sign')).toContain('evidence/signHeads');
  });

  it('ingests', () => {
    expect(whoMay('s3:PutObject', /partitions/)).toEqual(['refresh-cycle/refreshSource']);
  });
});

describe('what serves the pages', () => {
  const serves = roles.get('pages/servePages') ?? [];

  it('may try codes, as those may that issue them, and nobody else', () => {
    expect(whoMay('kms:GenerateMac', /KeysCodes/)).toEqual([
      'delete-customer-data/askForConfirmation',
      'delete-customer-data/tellRecipients',
      'desk/reissue',
      'export-data/askForConfirmation',
      'export-data/offerPackage',
      'mail/receiveMail',
      'mail/rereadMail',
      'pages/servePages',
      'sweeper/sweep',
    ]);
  });

  it('reads packages alone from the lake, and lists nothing', () => {
    const ofTheLake = on(serves, /StoresLake/);
    expect(actionsOf(ofTheLake)).toEqual(['s3:GetObject']);
    for (const { resources } of ofTheLake)
      expect(resources).toEqual([expect.stringMatching(/\/packages\/\*/)]);
  });

  it('opens no key of a request, mails nobody, deletes nothing, and starts no flow', () => {
    const actions = actionsOf(serves);
    expect(
      actions.filter((action) => /Delete|SendRawEmail|StartExecution|kms:Encrypt/.test(action)),
    ).toEqual([]);
    expect(actionsOf(on(serves, /KeysRequestKeys|KeysSuppression|KeysSigning/))).toEqual([]);
  });
});

it('opens the identities of a request to these steps only', () => {
  expect(whoMay('kms:Decrypt', /KeysRequestKeys/)).toEqual([
    'delete-customer-data/askForConfirmation',
    'delete-customer-data/askSources',
    'delete-customer-data/certify',
    'delete-customer-data/joinRefreshCycle',
    'delete-customer-data/lookAtProof',
    'delete-customer-data/notify',
    'delete-customer-data/resolveIdentities',
    'delete-customer-data/settlePackages',
    'delete-customer-data/tellRecipients',
    'desk/disclose',
    'desk/reissue',
    'export-data/askForConfirmation',
    'export-data/certify',
    'export-data/notify',
    'export-data/packageExport',
    'export-data/resolveIdentities',
    'gather-exports/closeTheDoor',
    'refresh-cycle/closeTheDoor',
    'sweeper/sweep',
    'verify-sources/askSource',
  ]);
});

it('reads raw mail, when it came in or is shown, and lets no step change any', () => {
  const readers = ['mail/discloseMail', 'mail/receiveMail', 'mail/rereadMail'];
  expect(whoMay('s3:GetObject', /InboundMail/)).toEqual(readers);
  expect(whoMay('kms:Decrypt', /KeysMail/)).toEqual(readers);
  for (const action of ['s3:PutObject', 's3:DeleteObject'])
    expect(whoMay(action, /InboundMail/)).toEqual([]);
  expect(whoMay('s3:ListBucket', /InboundMail/)).toEqual(['mail/rereadMail']);
});

it('opens the keys by which erased people are recognised to these steps only', () => {
  expect(whoMay('kms:Decrypt', /KeysSuppression/)).toEqual([
    'delete-customer-data/certify',
    'refresh-cycle/closeTheDoor',
    'refresh-cycle/refreshSource',
  ]);
  expect(whoMay('kms:Encrypt', /KeysSuppression/)).toEqual([
    'delete-customer-data/certify',
    'refresh-cycle/closeTheDoor',
  ]);
});

it('lets what ingests open no key of a request', () => {
  const keys = on(roles.get('refresh-cycle/refreshSource') ?? [], /RequestKeys/).filter(
    ({ condition }) => !condition.includes('suppression'),
  );
  // The public half, with which a fault is sealed.
  expect(actionsOf(keys)).toEqual(['dynamodb:GetItem']);
});

it('puts into the VPC only what reads the sources', () => {
  const inside = [...inAVpc].filter(([, allowed]) => on(allowed, /^"\*"$/).length > 0);
  expect(inside.map(([step]) => step).sort()).toEqual(whoMay('secretsmanager:GetSecretValue'));
  expect(actionsOf(inside.flatMap(([, allowed]) => on(allowed, /^"\*"$/)))).toEqual(
    expect.arrayContaining(['ec2:CreateNetworkInterface']),
  );
});
