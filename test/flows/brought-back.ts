import { expect } from '@jest/globals';
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

export const broughtBack = {
  async 'stays out of the lake, and the tenant admin says whether they signed up anew'() {
    const person = nextCustomer();
    const { customerId = '', email = '' } = person;
    await everybodyDeletes(person);
    const requestId = await requestErasure([byNumber(person)]);
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
