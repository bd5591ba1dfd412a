import Sequencer from '@jest/test-sequencer';

/** What takes minutes, most of them waiting; the rest fits in beside them. */
const LONG = ['test/flows/', 'test/faults/', 'test/privacy/'];

const rank = ({ path }) => {
  const found = LONG.findIndex((folder) => path.includes(folder));
  return found === -1 ? LONG.length : found;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
}
