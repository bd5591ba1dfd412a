import { expect, it } from '@jest/globals';
import { explore } from './explore.ts';
import { SETUPS } from './setups.ts';

/*
 * Every order in which steps may read and write, and every crash between two of them. In each world:
 * one cycle writes, one pass asks, nobody is refreshed before the sources let go, released without
 * the refresh, or twice. From each: something leads to rest, so nobody is lost and no line is stuck.
 */
it.each(Object.entries(SETUPS))('keeps its promises: %s', (name, setup) => {
  const { broken, states, seconds } = explore(setup);
  process.stdout.write(`${name}: ${states} worlds in ${seconds.toFixed(1)} s\n`);
  expect(broken).toBeUndefined();
  expect(states).toBeGreaterThan(100);
});
