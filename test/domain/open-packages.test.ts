import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { isSamePerson, mayHavePackage } from '../../lambdas/domain/open-packages.ts';
import { anOpenRequest } from '../adapters/a-request.ts';

const email: Identity = { type: 'email', value: 'anna@post.example' };
const number: Identity = { type: 'customer_id', value: 'C-1' };
const phone: Identity = { type: 'phone', value: '+4930123456' };
const isUnique = (type: string) => type !== 'phone';
const known = (change: { seed?: Identity[]; unique?: Identity[]; shared?: Identity[] } = {}) => ({
  seed: change.seed ?? [],
  subject: { unique: change.unique ?? [], shared: change.shared ?? [] },
});

describe('two requests are about one person', () => {
  it('when they share an identity, given or found, however each was asked', () => {
    const asked = known({ seed: [email], unique: [email, number] });
    expect(isSamePerson(known({ seed: [number] }), asked, isUnique)).toBe(true);
    expect(isSamePerson(asked, known({ unique: [number] }), isUnique)).toBe(true);
    const other = known({ seed: [{ type: 'customer_id', value: 'C-2' }] });
    expect(isSamePerson(other, asked, isUnique)).toBe(false);
  });

  it('not by a value of a shared type, and not by one that either knows to be other people’s', () => {
    expect(isSamePerson(known({ seed: [phone] }), known({ seed: [phone] }), isUnique)).toBe(false);
    const household = known({ seed: [email], shared: [email] });
    expect(isSamePerson(household, known({ seed: [email] }), isUnique)).toBe(false);
    expect(isSamePerson(known({ seed: [email] }), household, isUnique)).toBe(false);
  });
});

describe('a package may be there', () => {
  const request = anOpenRequest(RequestId.parse('01KAXJ8Z5T3Q9W7R2M4N6P8B0C'), new Date());
  const anExport = { ...request, kind: 'access' as const, confirm: true as const };
  const confirmedAt = '2026-11-20T00:00:00.000Z';

  it('of an export of a customer from its confirmation until it is certified', () => {
    expect(mayHavePackage(anExport)).toBe(false);
    expect(mayHavePackage({ ...anExport, confirmedAt })).toBe(true);
    expect(mayHavePackage({ ...anExport, confirmedAt, certifiedAt: confirmedAt })).toBe(false);
    expect(mayHavePackage({ ...anExport, confirmedAt, outcome: 'delivered' })).toBe(false);
  });

  it('not of one that is ending: its own flow deletes', () => {
    const closing = { option: 'cancelled' as const, by: 'x', reasonCode: 'none', at: confirmedAt };
    expect(mayHavePackage({ ...anExport, confirmedAt, closing })).toBe(false);
  });

  it('neither of an erasure, nor of somebody who signs in', () => {
    expect(mayHavePackage({ ...request, confirmedAt })).toBe(false);
    expect(mayHavePackage({ ...anExport, confirmedAt, subjectKind: 'user' })).toBe(false);
  });
});
