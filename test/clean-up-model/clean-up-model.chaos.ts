import { it } from '@jest/globals';
import { keepsPromisesIn } from './walks.ts';

it('publishing against cleaning up keeps its promises in ten thousand orders', () => {
  keepsPromisesIn(10_000);
}, 3_600_000);
