import Sequencer from '@jest/test-sequencer';

/** The platform as it was made; then what takes minutes, most of them waiting. The rest fits in beside. */
const FIRST = ['test/emulator/', 'test/flows/', 'test/faults/', 'test/privacy/'];

const rank = ({ path }) => {
  const found = FIRST.findIndex((folder) => path.includes(folder));
  return found === -1 ? FIRST.length : found;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
}
