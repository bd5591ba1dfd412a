import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { sweep } from '../../infra/local/running-platform.ts';
import { expectSeen } from './as-seen.ts';
import { mailsAbout } from './mailbox.ts';
import { byNumber, everybodyDeletes, nextListed } from './people.ts';
import {
  certificateOf,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { ledgerOf } from './tables.ts';
import { letTimePass } from './time.ts';
import { acknowledgementOf, type } from './typed-codes.ts';

const addressOf = (name: string) => platform.demo.platform.recipients[name]?.email ?? '';
const eventsOf = async (requestId: string) =>
  (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);

export const tellingRecipients = {
  async 'tells the recipients of its lists by ids that they know, and certifies who acknowledged'() {
    const person = nextListed();
    await everybodyDeletes(person);
    const requestId = await requestErasure([byNumber(person)]);
    await untilAsked(requestId, 'acknowledgement');
    const { request, waits } = await statusOf(requestId);
    expect(request.outcome).toBeUndefined();
    expect(waits.map(({ role, recipient }) => [role, recipient])).toEqual([
      ['recipient', 'mailing'],
      ['recipient', 'offers'],
    ]);
    await expectSeen(requestId, 'the recipient mailing', 'unacknowledged', {
      listedOn: 'a recipient',
    });

    const [ofMailing, ofOffers] = await Promise.all(
      ['mailing', 'offers'].map((name) => acknowledgementOf(requestId, name)),
    );
    if (!ofMailing || !ofOffers) throw new Error('Nobody was told.');
    const [mail] = await mailsAbout(requestId, addressOf('mailing'));
    expect(mail?.BodyText).toContain(`email: ${person.email?.toLowerCase()}`);
    expect(mail?.BodyText).not.toContain(person.customerId);
    expect(mail?.Subject).not.toContain(person.email);
    expect((await type({ ...ofMailing, code: ofOffers.code })).status).toBe(403);
    expect((await type(ofOffers)).status).toBe(200);
    expect((await statusOf(requestId)).request.outcome).toBeUndefined();

    // Of the other, only the patience ends.
    await letTimePass(`${requestId}/acknowledgement#1`);
    expect(await untilClosed(requestId)).toMatchObject({ outcome: 'erased' });
    const { recipients = [] } = await certificateOf(requestId);
    expect(recipients).toEqual([
      { name: 'mailing', title: expect.any(String), toldAt: expect.any(String) },
      {
        name: 'offers',
        title: expect.any(String),
        toldAt: expect.any(String),
        acknowledgedAt: expect.any(String),
      },
    ]);
    expect((await type(ofMailing)).status).toBe(410);
    const events = await eventsOf(requestId);
    expect(events.filter((event) => event === 'acknowledged')).toHaveLength(1);
    const text = JSON.stringify(await ledgerOf(`request/${requestId}`)).toLowerCase();
    expect(text).not.toContain(person.email?.toLowerCase());
  },

  async 'tells nobody to erase while it is on hold, and tells again when it is released'() {
    const person = nextListed();
    await everybodyDeletes(person);
    const requestId = await requestErasure([byNumber(person)]);
    await untilAsked(requestId, 'acknowledgement');
    const early = await acknowledgementOf(requestId, 'mailing');
    const held = { requestId, reasonCode: 'litigation' as const, by: 'flow-tests' };
    expect(await platform.desk.hold(held)).toMatchObject({ outcome: 'held' });
    await untilRequest(requestId, 'only the hold is waited for', ({ waits }) =>
      waits.every(({ kind }) => kind === 'legalHold'),
    );
    const answer = await type(early);
    expect([answer.status, answer.text]).toEqual([410, expect.stringContaining('on hold')]);
    await sweep(platform);
    const release = { as: 'tenantAdmin' as const, by: 'flow-tests', option: 'release' };
    await platform.desk.decide({ target: requestId, ...release });
    await untilAsked(requestId, 'acknowledgement');
    // The wait is there before its mail.
    await until('they are told anew', async () =>
      (await acknowledgementOf(requestId, 'mailing')).page === early.page ? undefined : true,
    );
    expect(await untilClosed(requestId)).toMatchObject({ outcome: 'erased' });
    const { recipients = [] } = await certificateOf(requestId);
    expect(recipients.filter(({ acknowledgedAt }) => acknowledgedAt)).toHaveLength(2);
  },
};
