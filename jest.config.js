const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const layer = process.platform === 'darwin' ? `darwin-${architecture}` : architecture;

/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/emulator/global-setup.mjs',
  globalTeardown: '<rootDir>/test/emulator/global-teardown.mjs',
  // What a Lambda finds in its layer.
  modulePaths: [`<rootDir>/.local/duckdb-layer/${layer}/nodejs/node_modules`],
  // Two files at a time would leave a tenth of two cores idle, while tests wait for functions.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/emulator/longest-first.mjs',
  // A loaded machine is slow, and that is no failure.
  testTimeout: 300_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.local', '<rootDir>/cdk.out'],
  watchPathIgnorePatterns: ['<rootDir>/.local'],
};

export default config;
