import Sequencer from '@jest/test-sequencer';

/**
 * The platform that tests share, as it was made, and beside that what needs none; then what takes
 * minutes, and what takes one. The rest takes seconds, and fills up what is left.
 */
const FIRST = [
  'test/emulator/',
  'test/coordination/coordination.test',
  'test/clean-up-model/',
  'test/flows/flows.test',
  'test/flows/refreshes.test',
  'test/flows/',
  'test/privacy/',
  'test/browser/',
  'test/loop/',
  'test/adapters/coming-back.test',
  'test/limits/',
  'test/cli/command-line.test',
  'test/mail/',
  'test/adapters/',
  'test/cli/',
];

const rank = ({ path }) => {
  const found = FIRST.findIndex((place) => path.includes(place));
  return found === -1 ? FIRST.length : found;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
}
