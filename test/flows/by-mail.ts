import { expect } from '@jest/globals';
import { requestErasure, statusOf, untilAsked, untilClosed } from './scene.ts';
import { confirmationOf, type } from './typed-codes.ts';

const asByMail = { confirm: true, channel: 'mail' } as const;

export const byMail = {
  async 'by mail does nothing before the registered tenant admin has typed the code'() {
    const requestId = await requestErasure(
      [{ type: 'email', value: 'by-mail@post.example' }],
      asByMail,
    );
    const wait = await untilAsked(requestId, 'confirmation');
    expect(wait.expires).toBeUndefined();
    const { steps, verification } = await statusOf(requestId);
    expect(steps.map(({ step }) => step)).toEqual(['askForConfirmation']);
    expect(verification).toEqual({});

    expect((await type(await confirmationOf(requestId), { answer: 'confirm' })).status).toBe(200);
    expect((await untilClosed(requestId)).outcome).toBe('nothingHeld');
  },

  async 'by mail is refused by the same code'() {
    const requestId = await requestErasure(
      [{ type: 'email', value: 'by-mail-denied@post.example' }],
      asByMail,
    );
    await untilAsked(requestId, 'confirmation');
    expect((await type(await confirmationOf(requestId), { answer: 'deny' })).status).toBe(200);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'refused',
      execution: { status: 'SUCCEEDED' },
    });
  },
};
