import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileNames } from '../../../lambdas/domain/export/file-names.ts';
import { troublesome } from '../troublesome.ts';

const NAMES: [table: string, file: string][] = [
  ['web_events', 'web_events'],
  ['../../etc/passwd', 'etc-passwd'],
  ['..\\..\\windows\\system32', 'windows-system32'],
  ['/absolute', 'absolute'],
  ['C:\\drive', 'c-drive'],
  ['..', 'table'],
  ['.', 'table'],
  ['', 'table'],
  ['con', 'table-con'],
  ['Größe & Gewicht', 'gro-e-gewicht'],
  ['a\u0000b', 'a-b'],
  ['\u202Eexe.gpj', 'exe-gpj'],
  ['~root; rm -rf', 'root-rm-rf'],
  ['x'.repeat(300), 'x'.repeat(60)],
];

describe('names of files in a package', () => {
  it.each(NAMES)('%j is %s', (table, file) => expect(fileNames([table])).toEqual([file]));

  it('are one for each table, also where two look alike to a file system', () =>
    expect(fileNames(['Orders', 'orders', 'or/ders', 'or\\ders'])).toEqual([
      'orders',
      'orders-2',
      'or-ders',
      'or-ders-2',
    ]));

  it('never leave their folder, whatever a table is called', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(troublesome, fc.string(), fc.constantFrom('..', '/', '\\', 'con', 'COM1')),
        ),
        (tables) => {
          const names = fileNames(tables);
          expect(new Set(names).size).toBe(tables.length);
          for (const name of names) expect(name).toMatch(/^[a-z0-9_][a-z0-9_-]{0,70}$/);
          expect(names).not.toContain('con');
        },
      ),
    ));
});
