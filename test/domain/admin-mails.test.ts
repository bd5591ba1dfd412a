import { describe, expect, it } from '@jest/globals';
import {
  adminChangeMail,
  changeAskedMail,
  changeEndedMail,
  changeUndeliverableMail,
  namedMail,
} from '../../lambdas/domain/admin-mails.ts';

const page = 'https://pages.example/change/0123456789abcdef0123456789abcdef';
const change = {
  platform: 'shop',
  from: { email: 'old@shop.example', changeAfter: '7d' },
  to: { email: 'new@shop.example', changeAfter: '7d', packageKey: 'age1new' },
  until: 'Friday',
};
const asked = adminChangeMail({ ...change, page, code: '7GQ2M0XK', isReminder: false });

describe('the mails of a change', () => {
  it('name to the registered one what changes, until when, where and with which code', () => {
    for (const words of [
      'address: old@shop.example\n      becomes: new@shop.example',
      'none: packages are not encrypted\n      becomes: age1new',
      'takes effect on Friday',
      '7GQ2-M0XK',
      page,
    ])
      expect(asked.text).toContain(words);
    expect(asked.text).not.toContain('how long a change waits');
  });

  it('have the code and the page in that one alone, and no address in any subject', () => {
    const others = [
      namedMail(change),
      changeAskedMail(change),
      changeUndeliverableMail('bounce'),
      ...(['confirmed', 'denied', 'expired', 'withdrawn'] as const).map((end) =>
        changeEndedMail(change, end),
      ),
    ];
    for (const { text } of others) expect(text).not.toMatch(/7GQ2|\/change\//);
    for (const { subject } of [asked, ...others]) expect(subject).not.toMatch(/@|7GQ2|https/);
  });

  it('say of codes that they are void only where the address is another', () => {
    const void_ = 'do not work any more';
    expect(changeEndedMail(change, 'expired').text).toContain(void_);
    expect(changeEndedMail(change, 'denied').text).not.toContain(void_);
    const ofKey = { ...change, to: { ...change.to, email: 'old@shop.example' } };
    expect(changeEndedMail(ofKey, 'confirmed').text).not.toContain(void_);
  });
});
