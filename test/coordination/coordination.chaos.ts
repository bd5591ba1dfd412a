import { expect, it } from '@jest/globals';
import { explore } from './explore.ts';
import { LONGER_SETUPS } from './setups.ts';

/* The promises of coordination.test.ts, in worlds that take longer to explore than a test may. */
it.each(Object.entries(LONGER_SETUPS))(
  'keeps its promises: %s',
  (name, setup) => {
    const { broken, states, seconds } = explore(setup);
    process.stdout.write(`${name}: ${states} worlds in ${seconds.toFixed(1)} s\n`);
    expect(broken).toBeUndefined();
    expect(states).toBeGreaterThan(10_000);
  },
  3_600_000,
);
