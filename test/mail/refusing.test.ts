import { describe, expect, it } from '@jest/globals';
import { decisionOn } from '../../lambdas/domain/cycle-result.ts';
import { repliesTo } from '../../lambdas/domain/mail/replies.ts';
import { isCodeAlone } from '../../lambdas/domain/mail/typed-code.ts';
import { act } from '../../lambdas/steps/acting-on-mail.ts';
import { ADesk } from './a-desk.ts';
import { corpusMail, fateOfMail } from './a-mail.ts';

describe('a code that was typed alone', () => {
  it.each([
    [['7GQ2-M0XK']],
    [['7gq2 m0xk']],
    [['The code is 7GQ2-M0XK, thanks.']],
    [['Hello,', '', 'confirmed: 7GQ2-M0XK']],
    [['7GQ2M0XK', '', 'Best regards', 'Margaret Lee', 'Tel. +49 30 12345678']],
    [['Danke, hier: 7GQ2-M0XK', 'Viele Grüße', 'Margarete']],
  ])('confirms: %j', (lines) => {
    expect(isCodeAlone(lines)).toBe(true);
  });

  it.each([
    [['No, 7GQ2-M0XK']],
    [['Nein. 7GQ2-M0XK']],
    [['I can’t agree: 7GQ2-M0XK']],
    [['7GQ2-M0XK', 'Ich lehne ab.']],
    [['I cannot confirm this. 7GQ2-M0XK']],
    [['wrong person: 7GQ2-M0XK']],
    [['7GQ2-M0XK', 'refusal']],
    [['7GQ2-M0XK but only next week']],
    [['7GQ2-M0XK', 'Thanks', 'wrong person']],
  ])('confirms nothing beside other words: %j', (lines) => {
    expect(isCodeAlone(lines)).toBe(false);
  });
});

describe('a reply of one word', () => {
  it('chooses what the wait offers: “retry” is to try again', async () => {
    const fate = await fateOfMail(corpusMail('admin-says-retry'));
    const { option } = fate as { option: string };
    for (const reason of ['heldForLoss', 'sourceFailed', 'buildFailed', 'notScanned'] as const)
      expect(decisionOn(reason).options).toContain(option);
  });

  it('of the support contact refreshes what its mail is about, decides nothing, and says whom to ask', async () => {
    const fate = await fateOfMail(corpusMail('support-says-retry'));
    const desk = new ADesk('7GQ2M0XK', () => '01KAYF7R2M9D4Q8XWB3ZC5V6TN');
    const arrived = { mailId: 'a-mail', receivedAt: '2026-11-25T09:11:12.000Z' };
    const results = await act(fate, arrived, desk, new Date());
    expect(results).toEqual([{ outcome: 'queued' }]);
    expect([desk.refreshed, desk.decided, desk.opened]).toEqual([[['crm']], [], []]);
    const [reply, ...others] = repliesTo('a-mail', fate, { fate: 'refresh', results });
    expect(others).toEqual([]);
    expect(reply?.to).toBe('author');
    expect(reply?.mail.text).toMatch(/failed for good.*the operator\n.*held.*the tenant admin\n/);
  });
});
