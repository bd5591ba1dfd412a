import * as z from 'zod';
import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { verifyingRows } from '../adapters/verifying.ts';
import { Name, PassId } from '../domain/ids.ts';
import { allGone, isDue } from '../domain/verification.ts';
import { release, tellOwners } from '../steps/answering.ts';
import { askAbout } from '../steps/asking-sources.ts';
import { ensureVerification } from '../steps/lines.ts';
import { beginTurn, endTurn } from '../steps/turns.ts';
import { step } from './step.ts';

const OfPass = z.object({ passId: PassId });

export const beginPass = step('beginPass', OfPass, async ({ passId }) => {
  if (!(await beginTurn('VERIFY', passId))) return { outcome: 'superseded' as const, sources: [] };
  const { verification } = platformDefinition().platform;
  const now = new Date();
  const due = new Set<string>();
  for await (const { sources } of verifyingRows()) {
    for (const [name, state] of Object.entries(sources))
      if (isDue(state, verification, now)) due.add(name);
  }
  return { outcome: due.size > 0 ? ('ask' as const) : ('nobody' as const), sources: [...due] };
});

export const askSource = step(
  'askSource',
  OfPass.extend({ source: Name }),
  async ({ source, passId }) => {
    const { verification } = platformDefinition().platform;
    const now = new Date();
    const rows = await all(verifyingRows());
    const turn = rows.filter(({ sources }) => {
      const state = sources[source];
      return state && isDue(state, verification, now);
    });
    const answers = turn.length > 0 ? await askAbout(source, turn, passId) : {};
    return { outcome: 'asked' as const, subjects: turn.length, ...answers };
  },
);

export const answerRequests = step('answerRequests', OfPass, async ({ passId }) => {
  const rows = await all(verifyingRows());
  const released = rows.filter(({ sources }) => allGone(sources));
  await mapLimited(released, 20, (row) => release(row, passId));
  await tellOwners(
    rows.filter(({ sources }) => !allGone(sources)),
    passId,
  );
  return {
    outcome: 'answered' as const,
    released: released.length,
    waiting: rows.length - released.length,
  };
});

export const endPass = step('endPass', OfPass, async ({ passId }) => {
  await endTurn('VERIFY', passId);
  const next = await ensureVerification();
  return { outcome: 'ended' as const, next };
});
