import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commitment, countByType } from '../../lambdas/domain/certificate.ts';
import { type Identity, identityKey } from '../../lambdas/domain/identity.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const OTHER_SECRET = Buffer.alloc(32, 8).toString('base64url');
const anna: Identity = { type: 'email', value: 'anna@example.com' };
const c1: Identity = { type: 'customer_id', value: 'C-1' };

const anIdentity = fc.record({ type: fc.constantFrom('email', 'phone'), value: fc.string() });
const someIdentities = fc.array(anIdentity, { maxLength: 8 });
const asSet = (identities: Identity[]) =>
  JSON.stringify([...new Set(identities.map(identityKey))].sort());

describe('the commitment to a subject', () => {
  it('is HMAC-SHA256 over the sorted identities, so that anybody can compute it again', () => {
    expect(commitment([anna, c1], SECRET)).toBe(
      'c9a70fe30403d04c663775ca031ee1fb340fbf252c755921edc1aacef9cbffa3',
    );
  });

  it('is another one under another secret', () => {
    expect(commitment([anna], SECRET)).not.toBe(commitment([anna], OTHER_SECRET));
  });

  it('is the same for the same set, in any order and however often', () =>
    fc.assert(
      fc.property(
        someIdentities.chain((identities) =>
          fc.tuple(
            fc.constant(identities),
            fc.shuffledSubarray([...identities, ...identities], {
              minLength: identities.length * 2,
            }),
          ),
        ),
        ([identities, again]) =>
          expect(commitment(again, SECRET)).toBe(commitment(identities, SECRET)),
      ),
    ));

  it('is another one for another set', () =>
    fc.assert(
      fc.property(someIdentities, someIdentities, (one, other) =>
        expect(commitment(one, SECRET) === commitment(other, SECRET)).toBe(
          asSet(one) === asSet(other),
        ),
      ),
    ));
});

describe('the counts on a certificate', () => {
  it('are by type, and nothing but counts', () => {
    expect(countByType([anna, c1, { type: 'email', value: 'b@x' }])).toEqual({
      email: 2,
      customer_id: 1,
    });
    expect(countByType([])).toEqual({});
  });
});
