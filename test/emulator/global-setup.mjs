import { register } from 'tsx/esm/api';

/** Jest loads this file itself, and knows no TypeScript where it does. */
export default async function setUp() {
  register();
  const { openTestRun } = await import('./test-run.ts');
  await openTestRun();
}
