import { expect } from '@jest/globals';
import { expectAsked, expectSeen } from './as-seen.ts';
import { mailsAbout, tenantAdmin } from './mailbox.ts';
import { collected, confirmed, requestExport, untilKept, versionsOf } from './packages.ts';
import { byEmail, byNumber, everybodyDeletes, nextCustomer } from './people.ts';
import {
  certificateOf,
  decide,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { letTimePass } from './time.ts';
import { collectionOf, type } from './typed-codes.ts';

/** An export whose package waits to be collected, and the erasure of the same person by another identity. */
async function bothRights() {
  const person = nextCustomer();
  const exporting = await requestExport([byEmail(person)]);
  await confirmed(exporting);
  await untilAsked(exporting, 'collection');
  await everybodyDeletes(person);
  const erasing = await requestErasure([byNumber(person)]);
  const asked = await untilAsked(erasing, 'openPackages');
  expect(asked).toMatchObject({
    ...{ role: 'tenantAdmin', expires: true, options: ['purge', 'waitForDownload'] },
    details: [expect.any(String), exporting],
  });
  await expectSeen(erasing, 'the tenant admin', 'open packages');
  await expectAsked(erasing, tenantAdmin);
  expect(await versionsOf(exporting)).toBe(1);
  return { exporting, erasing, asked };
}

export const openPackages = {
  async 'deletes the packages of the same person, whose exports end and say why'() {
    const { exporting, erasing, asked } = await bothRights();
    const offered = await collectionOf(exporting);
    // Nobody decides: it is deleted when the time is over.
    await letTimePass(asked.waitId);
    expect(await untilClosed(erasing)).toMatchObject({ outcome: 'erased' });
    expect(await versionsOf(exporting)).toBe(0);
    expect((await certificateOf(erasing)).packagesPurged).toBe(1);
    expect((await untilClosed(exporting)).outcome).toBe('cancelled');
    expect((await certificateOf(exporting)).closedBy).toEqual({
      ...{ option: 'cancelled', by: erasing, reasonCode: 'subjectErased' },
    });
    expect((await type(offered)).status).toBe(410);
    const mails = await mailsAbout(exporting, tenantAdmin);
    expect(mails.at(-1)?.BodyText).toContain(`The person was erased, by request ${erasing}`);
  },

  async 'waits for the download of a package, if the tenant admin says so'() {
    const { exporting, erasing, asked } = await bothRights();
    expect(await decide(asked.waitId, 'waitForDownload', 'sourceOwner')).toMatchObject({
      outcome: 'notYourRole',
    });
    await decide(asked.waitId, 'waitForDownload', 'tenantAdmin');
    await untilRequest(erasing, 'it waits for the download', ({ waits }) =>
      waits.some(({ kind }) => kind === 'packagesAway'),
    );
    await expectSeen(erasing, 'time to pass', 'awaiting download', {
      inList: 'time to pass',
    });
    expect((await collected(exporting)).length).toBeGreaterThan(0);
    await untilKept(exporting);
    expect((await statusOf(erasing)).request.outcome).toBeUndefined();
    await letTimePass(`${exporting}/packageKept#1`);
    expect((await untilClosed(exporting)).outcome).toBe('delivered');
    expect((await untilClosed(erasing)).outcome).toBe('erased');
    expect((await certificateOf(erasing)).packagesPurged).toBe(0);
  },
};
