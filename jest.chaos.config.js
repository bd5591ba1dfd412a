import everyDay from './jest.config.js';

/** Long runs against a world that is made bad: `npm run chaos`. */
export default {
  ...everyDay,
  testMatch: ['<rootDir>/test/**/*.chaos.ts'],
  // Most bring an emulator of their own.
  maxWorkers: 2,
};
