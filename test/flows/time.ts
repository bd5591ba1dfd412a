import { sweep } from '../../infra/local/running-platform.ts';
import { platform } from './scene.ts';
import { overwrite } from './tables.ts';

/** Lets a wait's deadline pass, and the sweeper of each minute see it. */
export async function letTimePass(waitId: string): Promise<void> {
  const [owner = '', name = ''] = waitId.split('/');
  const past = new Date(Date.now() - 1000).toISOString();
  await overwrite(
    'Requests',
    { pk: owner, sk: `WAIT#${name}` },
    { deadline: past, duePartition: 'DUE', dueAt: past },
  );
  await sweep(platform);
}
