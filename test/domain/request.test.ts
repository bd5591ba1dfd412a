import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outcomeOf, statusShown } from '../../lambdas/domain/request.ts';

const refused = { option: 'refused' as const, by: 'admin', reasonCode: 'given', at: '' };

describe('how a request ends', () => {
  it('is erased when something of the person was found, and nothingHeld otherwise', () => {
    expect(outcomeOf({ gaveUpOn: [], held: true })).toBe('erased');
    expect(outcomeOf({ gaveUpOn: [], held: false })).toBe('nothingHeld');
    expect(outcomeOf({ gaveUpOn: [] })).toBe('nothingHeld');
  });

  it('is partlyErased when somebody gave up on a part, whatever was found', () => {
    expect(outcomeOf({ gaveUpOn: ['source crm'], held: true })).toBe('partlyErased');
    expect(outcomeOf({ gaveUpOn: ['source crm'] })).toBe('partlyErased');
  });

  it('is what somebody decided, before all else', () => {
    expect(outcomeOf({ gaveUpOn: ['proof'], held: true, closing: refused })).toBe('refused');
    const cancelled = { ...refused, option: 'cancelled' as const };
    expect(outcomeOf({ gaveUpOn: [], closing: cancelled })).toBe('cancelled');
  });

  it('is never erased where anything was given up or closed', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.boolean(),
        fc.option(fc.constant(refused), { nil: undefined }),
        (gaveUpOn, held, closing) => {
          const isWhole = gaveUpOn.length === 0 && closing === undefined;
          const outcome = outcomeOf({ gaveUpOn, held, closing });
          expect(['erased', 'nothingHeld'].includes(outcome)).toBe(isWhole);
        },
      ),
    ));
});

describe('how an export ends', () => {
  const anExport = { kind: 'access' as const, gaveUpOn: [], held: true };
  const deliveredAt = '2026-11-25T10:00:00Z';

  it('is delivered once its package was collected, whatever somebody decides after that', () => {
    expect(outcomeOf({ ...anExport, deliveredAt })).toBe('delivered');
    expect(outcomeOf({ ...anExport, deliveredAt, closing: refused })).toBe('delivered');
  });

  it.each(['confirmation', 'collection'] as const)('expires for want of a %s', (expiredFor) => {
    expect(outcomeOf({ ...anExport, expiredFor })).toBe('expired');
  });

  it('is refused or cancelled by decision', () => {
    expect(outcomeOf({ ...anExport, closing: refused })).toBe('refused');
  });

  it('is never called anything of an erasure, and does not end before something has ended it', () => {
    expect(() => outcomeOf(anExport)).toThrow('neither delivered nor ended');
  });
});

describe('the status that is shown', () => {
  it('is waiting while a person has been asked, whatever the row says', () => {
    expect(statusShown('open', [{ role: 'operator' }])).toBe('waiting');
    expect(statusShown('waiting', [{}])).toBe('open');
    expect(statusShown('waiting', [])).toBe('open');
  });

  it('stays closed', () => {
    expect(statusShown('closed', [{ role: 'operator' }])).toBe('closed');
  });
});
