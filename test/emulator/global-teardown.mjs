import { register } from 'tsx/esm/api';

export default async function tearDown() {
  register();
  const { closeTestRun } = await import('./test-run.ts');
  closeTestRun();
}
