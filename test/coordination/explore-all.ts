import { explore } from './explore.ts';
import { LARGER_SETUPS, LONGER_SETUPS, SETUPS } from './setups.ts';

/** `npm run explore [a word of its name]`: explores what takes longer than a test may, too. */
const wanted = process.argv[2] ?? '';
for (const [name, setup] of Object.entries({ ...SETUPS, ...LONGER_SETUPS, ...LARGER_SETUPS })) {
  if (!name.includes(wanted)) continue;
  const { states, moves, seconds, broken } = explore(setup);
  console.log(`${name}: ${states} worlds, ${moves} moves, ${seconds.toFixed(1)} s`);
  if (!broken) continue;
  console.error([`broken: ${broken.promise}`, ...broken.trace].join('\n  '));
  process.exitCode = 1;
}
