import { until } from '../../infra/local/patience.ts';
import { sweep } from '../../infra/local/running-platform.ts';
import { CODE_PURPOSES } from '../../lambdas/domain/code.ts';
import { platform } from './scene.ts';
import { overwrite, rowOf } from './tables.ts';

/** Lets a wait's deadline pass, and the sweeper of each minute see it. */
export async function letTimePass(waitId: string): Promise<void> {
  const [owner = '', name = ''] = waitId.split('/');
  await untilTold(owner, `WAIT#${name}`);
  const past = new Date(Date.now() - 1000).toISOString();
  await overwrite(
    'Requests',
    { pk: owner, sk: `WAIT#${name}` },
    { deadline: past, duePartition: 'DUE', dueAt: past },
  );
  await sweep(platform);
}

/** Kinds of waits that end by their deadline once somebody was told. */
const MAILED: string[] = [...CODE_PURPOSES, 'openPackages'];

/** Whoever mails a code notes after that when, and until when: what is written here must outlast it. */
const untilTold = (pk: string, sk: string) =>
  until(`${sk} of ${pk} was told`, async () => {
    const wait = await rowOf<{ kind: string; toldAt?: string }>('Requests', pk, sk);
    return wait && MAILED.includes(wait.kind) && !wait.toldAt ? undefined : true;
  });
