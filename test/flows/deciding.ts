import { expect } from '@jest/globals';
import { isAbout, verifyBundle } from '../../cli/verifier.ts';
import { departing } from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { commitments } from '../../lambdas/domain/certificate.ts';
import { canonicalJson } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { deletedBy } from '../../lambdas/domain/inactive.ts';
import { mailsAbout, tenantAdmin } from './mailbox.ts';
import {
  byEmail,
  byNumber,
  byPhone,
  crmDeletes,
  everybodyDeletes,
  isInCrm,
  nextCustomer,
  othersDelete,
} from './people.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  stopExecution,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { ledgerOf } from './tables.ts';

export const deciding = {
  async 'knows the same request again while it is open, however it is written'() {
    const person = nextCustomer();
    const requestId = await requestErasure([byNumber(person), byEmail(person)]);
    const again = await platform.desk.open({
      identities: [{ type: 'email', value: ` ${person.email?.toUpperCase()} ` }, byNumber(person)],
      by: 'flow-tests',
    });
    expect(again).toMatchObject({ outcome: 'alreadyOpen', requestId });

    await decide(requestId, 'refused', 'tenantAdmin', 'asked for twice');
    expect((await untilClosed(requestId)).outcome).toBe('refused');
    const anew = await platform.desk.open({
      identities: [byNumber(person), byEmail(person)],
      by: 'flow-tests',
    });
    expect(anew.outcome).toBe('opened');
    if (anew.outcome === 'opened') {
      await decide(anew.requestId, 'cancelled', 'tenantAdmin');
      expect((await untilClosed(anew.requestId)).outcome).toBe('cancelled');
    }
  },

  async 'takes a decision while its execution is stopped, once, and goes on by it'() {
    const person = departing[2] as Person;
    const requestId = await requestErasure([byPhone(person)]);
    const { waitId } = await untilAsked(requestId, 'whoIsMeant');
    await everybodyDeletes(person);
    await stopExecution(requestId, 1);
    const again = () => decide(waitId, 'followAll', 'tenantAdmin');
    expect(await again()).toMatchObject({ outcome: 'accepted' });
    await untilRequest(requestId, 'it was started again', ({ request }) => request.attempt === 2);
    expect(await again()).toMatchObject({ outcome: 'alreadyAnswered' });
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'erased',
      request: { attempt: 2, round: 1 },
      execution: { status: 'SUCCEEDED' },
    });
    const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
    expect(events.filter((event) => event === 'decided')).toHaveLength(1);
  },

  async 'closes as refused while it waits for sources, and touches nothing'() {
    const person = nextCustomer();
    const requestId = await requestErasure([byNumber(person)]);
    await untilAsked(requestId, 'sourcesLetGo');
    expect(await decide(requestId, 'refused', 'sourceOwner')).toMatchObject({
      outcome: 'notYourRole',
    });
    expect(await decide(requestId, 'refused', 'tenantAdmin', 'a bill is open')).toMatchObject({
      outcome: 'accepted',
    });
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'refused',
      execution: { status: 'SUCCEEDED' },
    });
    const { closedBy, refresh } = await certificateOf(requestId);
    expect(closedBy).toMatchObject({ option: 'refused', reasonCode: 'given' });
    expect(refresh).toBeUndefined();
    expect(await isInCrm(person)).toBe(true);
    expect(await decide(requestId, 'cancelled', 'operator')).toMatchObject({
      outcome: 'alreadyAnswered',
    });
  },

  async 'certifies what was verified, refreshed and scanned, and names the residue with its day'() {
    const person = nextCustomer();
    const receivedAt = new Date(Date.now() - 86_400_000).toISOString();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person), byEmail(person)], { receivedAt });
    await untilAsked(requestId, 'sourcesLetGo');
    const disclosed = await platform.desk.disclose({ target: requestId, by: 'flow-tests' });
    await crmDeletes(person);
    const { request } = await untilClosed(requestId);
    const certificate = await certificateOf(requestId);

    expect(certificate).toMatchObject({
      requestId,
      outcome: 'erased',
      receivedAt,
      dueOn: request.dueOn,
      inTime: true,
      rounds: 1,
      gaveUpOn: [],
      refresh: { cycleId: request.cycleId, snapshotId: request.cycleId },
      proof: { tables: 13, found: [] },
    });
    for (const source of ['crm', 'orders', 'web_events', 'loyalty'])
      expect(certificate.verification[source]).toMatchObject({
        answer: 'gone',
        goneSince: expect.any(String),
      });
    const { retention, timeZone } = platform.demo.platform;
    const places = certificate.residue.map(({ kind, name }) => `${kind} ${name}`);
    expect(places).toEqual(expect.arrayContaining(['source crm', 'model customers']));
    for (const { inactiveSince, deletedBy: day } of certificate.residue)
      expect(day >= deletedBy(inactiveSince, retention.inactiveDays, timeZone)).toBe(true);

    const text = JSON.stringify(certificate).toLowerCase();
    for (const value of [person.customerId, person.email, person.lastName])
      expect(text).not.toContain(value?.toLowerCase());
    const [mail] = await mailsAbout(requestId, tenantAdmin);
    const secret = /\n {2}([\w-]{43})\n/.exec(mail?.BodyText ?? '')?.[1] ?? '';
    const identities = disclosed.outcome === 'disclosed' ? disclosed.identities : [];
    expect(certificate.subjectCommitments).toEqual(commitments(identities, secret));
    expect(await platform.desk.disclose({ target: requestId, by: 'flow-tests' })).toEqual({
      outcome: 'unreadable',
    });

    await platform.desk.signHeads();
    const evidence = await platform.desk.evidence(requestId);
    const bundle = evidence.outcome === 'gathered' ? evidence.bundle : evidence;
    const verdict = verifyBundle(Buffer.from(canonicalJson(bundle), 'utf8'));
    expect(verdict.problems).toEqual([]);
    expect(isAbout(verdict.certificate ?? {}, secret, byEmail(person))).toBe(true);
  },
};
