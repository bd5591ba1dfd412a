import { describe, expect, it } from '@jest/globals';
import { aStack } from './a-stack.ts';
import { type Allowed, rolesOf } from './roles.ts';

const roles = rolesOf(aStack());
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

describe.each([...roles])('%s', (_, allowed) => {
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

  it('deletes from the lake only what is under work/', () => {
    const deletions = allowed.filter(({ actions }) =>
      actions.some((action) => action.startsWith('s3:Delete')),
    );
    for (const { resources } of deletions)
      expect(resources).toEqual([expect.stringContaining('/work/*')]);
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

  it('deletes from the tables only who waits, and that somebody asked before', () => {
    for (const { condition } of on(allowed, /Catalog|TablesRequests/).filter(({ actions }) =>
      actions.includes('dynamodb:DeleteItem'),
    ))
      expect(condition).toMatch(
        /dynamodb:LeadingKeys":(\[?"(QUEUE|VERIFYING|HOLD|source#\*|SAME#\*)",?)+/,
      );
  });

  it('mails from the declared sender only', () => {
    for (const { resources, condition } of allowed.filter(({ actions }) =>
      actions.includes('ses:SendRawEmail'),
    )) {
      for (const resource of resources)
        expect(resource).toMatch(/:identity\/(privacy@)?platform\.example"/);
      expect(condition).toContain('"ses:FromAddress":"privacy@platform.example"');
    }
  });
});

describe('one step alone', () => {
  it('deletes keys when a request closes', () => {
    expect(whoMay('dynamodb:DeleteItem', /RequestKeys/)).toEqual([
      'delete-customer-data/closeRequest',
    ]);
  });

  it('deletes the work of a cycle', () => {
    expect(whoMay('s3:DeleteObjectVersion')).toEqual([
      'refresh-cycle/closeTheDoor',
      'refresh-cycle/endCycle',
      'sweeper/executionEnded',
      'sweeper/sweep',
    ]);
  });

  it('recognises the same person again, when a request opens', () => {
    expect(whoMay('kms:GenerateMac')).toEqual(['desk/openRequest']);
  });

  it('adds evidence, and signs heads of the ledger', () => {
    expect(whoMay('s3:PutObject', /Evidence/)).toEqual(['evidence/signHeads']);
    expect(whoMay('kms:Sign')).toContain('evidence/signHeads');
  });

  it('ingests', () => {
    expect(whoMay('s3:PutObject', /partitions/)).toEqual(['refresh-cycle/refreshSource']);
  });
});

it('opens the identities of a request to these steps only', () => {
  expect(whoMay('kms:Decrypt', /KeysRequestKeys/)).toEqual([
    'delete-customer-data/askSources',
    'delete-customer-data/certify',
    'delete-customer-data/joinRefreshCycle',
    'delete-customer-data/lookAtProof',
    'delete-customer-data/notify',
    'delete-customer-data/resolveIdentities',
    'desk/disclose',
    'refresh-cycle/closeTheDoor',
    'verify-sources/askSource',
  ]);
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
