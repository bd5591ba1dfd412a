import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commitment, commitments, countByType } from '../../lambdas/domain/certificate.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { type Identity, identityKey } from '../../lambdas/domain/identity.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');
const OTHER_SECRET = Buffer.alloc(32, 8).toString('base64url');
const anna: Identity = { type: 'email', value: 'anna@example.com' };
const c1: Identity = { type: 'customer_id', value: 'C-1' };

const anIdentity = fc.record({ type: fc.constantFrom('email', 'phone'), value: fc.string() });
const someIdentities = fc.array(anIdentity, { maxLength: 8 });
const asSet = (identities: Identity[]) =>
  JSON.stringify([...new Set(identities.map(identityKey))].sort());

describe('the commitments to a subject', () => {
  it('are HMAC-SHA256 of one identity each, so that anybody can compute it again', () => {
    // printf 'email:anna@example.com' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    expect(commitment(anna, SECRET)).toBe(
      '71d37b6540bbef36514b42053f34981c073090bd0502409b6a5018a4e023a184',
    );
  });

  it('are others under another secret', () => {
    expect(commitment(anna, SECRET)).not.toBe(commitment(anna, OTHER_SECRET));
  });

  it('tell the type of a value from the same value of another', () => {
    expect(commitment({ ...anna, type: 'login' }, SECRET)).not.toBe(commitment(anna, SECRET));
  });

  it('are one for each identity, each of which can be checked alone', () => {
    expect(commitments([anna, c1, anna], SECRET)).toEqual(
      [commitment(anna, SECRET), commitment(c1, SECRET)].sort(),
    );
  });

  it('are the same for the same set, in any order and however often', () =>
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
          expect(commitments(again, SECRET)).toEqual(commitments(identities, SECRET)),
      ),
    ));

  it('are others for another set', () =>
    fc.assert(
      fc.property(someIdentities, someIdentities, (one, other) =>
        expect(`${commitments(one, SECRET)}` === `${commitments(other, SECRET)}`).toBe(
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

describe('the digest of a signed certificate', () => {
  it('is SHA-256 of its text', () => {
    expect(digestOf('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
