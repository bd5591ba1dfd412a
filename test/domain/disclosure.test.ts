import { expect, it } from '@jest/globals';
import { withRecipients } from '../../lambdas/domain/disclosure.ts';
import { DISCLOSURE } from './export/an-export.ts';

it('names whoever is declared to receive lists beside those in words, each once', () => {
  const declared = { a: { title: 'The carrier' }, b: { title: 'Mailing Ltd' } };
  const told = withRecipients(DISCLOSURE, declared);
  expect(told).toEqual({ ...DISCLOSURE, recipients: ['The carrier', 'Mailing Ltd'] });
  expect(withRecipients(undefined, declared)).toBeUndefined();
});
