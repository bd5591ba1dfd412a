import { expect } from '@jest/globals';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { mailsAbout } from './mailbox.ts';
import { byNumber, crmDeletes, everybodyDeletes, nextCustomer, signUp } from './people.ts';
import { refresh, sourceOf } from './refreshes.ts';
import {
  certificateOf,
  decide,
  holdingsOf,
  platform,
  requestErasure,
  untilClosed,
} from './scene.ts';
import { rowsOf } from './tables.ts';

let person: Person;
let requestId: string;

/** Long before: so that the cycle of others erases them. */
export async function askedLongBefore(): Promise<void> {
  person = nextCustomer();
  await everybodyDeletes(person);
  requestId = await requestErasure([byNumber(person)]);
}

export const broughtBack = {
  async 'stays out of the lake, and the tenant admin says whether they signed up anew'() {
    const { customerId = '', email = '' } = person;
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    const { exceptions, recognisedUntil } = (await certificateOf(requestId)) as unknown as {
      exceptions: unknown[];
      recognisedUntil?: string;
    };
    expect({ exceptions, recognisedUntil }).toEqual({
      exceptions: [],
      recognisedUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });

    // As a restored backup would: nobody has signed up.
    await signUp({ customerId, email });
    await refresh('crm');
    expect(await sourceOf('crm')).toMatchObject({ leftOut: 1, resurrected: 1 });
    expect((await holdingsOf([byNumber(person)])).tables).toEqual({});
    const report = (await platform.desk.suppressed()).find((one) => one.requestId === requestId);
    const waitId = report?.wait?.waitId ?? '';
    expect(report?.wait).toMatchObject({ kind: 'resurrected', role: 'tenantAdmin' });
    const [mail] = await mailsAbout(waitId, platform.demo.platform.tenantAdmin.email);
    expect(`${mail?.Subject} ${mail?.BodyText}`).not.toMatch(
      new RegExp(`${customerId}|${email}`, 'i'),
    );
    expect(await decide(waitId, 'signedUpAnew', 'sourceOwner')).toMatchObject({
      outcome: 'notYourRole',
    });

    await decide(waitId, 'signedUpAnew', 'tenantAdmin');
    await refresh('crm');
    expect((await holdingsOf([byNumber(person)])).tables).toMatchObject({ 'source crm': 1 });
    const events = await rowsOf<{ event: string }>('Ledger', `request/${requestId}`);
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['resurrected', 'waitTold', 'decided']),
    );
    await crmDeletes(person);
  },
};
