import { changePage, endedPage, lockedChangePage } from '../../lambdas/pages/change-forms.ts';
import { acknowledgePage, confirmPage, redeemPage } from '../../lambdas/pages/forms.ts';
import { layout, type Page } from '../../lambdas/pages/layout.ts';
import {
  acknowledgedPage,
  confirmedPage,
  deniedPage,
  donePage,
  downloadPage,
  expiredPage,
  faultPage,
  lockedPage,
  unknownPage,
} from '../../lambdas/pages/notices.ts';

const requestId = '01KAYF7R2M9D4Q8XWB3ZC5V6TN';
const question = {
  requestId,
  asked: 'Hand over a copy of everything that is held of this person (GDPR Art. 15)',
  masked: ['email a…t@e….org', 'customer id C…7'],
  receivedOn: 'Wednesday, 25 November 2026',
  dueOn: 'Monday, 28 December 2026',
  until: 'Wednesday, 9 December 2026, 10:00 (Europe/Berlin)',
};
const change = {
  rows: [
    ['Registered', 'email a…n@s….example'],
    ['Named now', 'email e…e@e….example'],
  ] as [string, string][],
  until: 'Thursday, 3 December 2026, 10:00 (Europe/Berlin)',
};
const encryptedFor = 'age1hjulle5nvsqdcyw52yrss7n6wrt2jy7sfk2ruqllvrh6pqm9zysshcxuvt';
const mistyped = { triesLeft: 5, isMistyped: true, isDenying: false, reason: '' };

/** Every page, as it looks with made-up contents. */
export const EXAMPLE_PAGES: Record<string, Page> = {
  confirm: confirmPage(question),
  'confirm-wrong': confirmPage(question, {
    triesLeft: 3,
    isMistyped: false,
    isDenying: true,
    reason: 'She never asked for this.',
  }),
  confirmed: confirmedPage(requestId),
  denied: deniedPage(requestId),
  redeem: redeemPage(question),
  'redeem-encrypted': redeemPage({ ...question, encryptedFor }),
  'redeem-mistyped': redeemPage(question, mistyped),
  acknowledge: acknowledgePage(question),
  acknowledged: acknowledgedPage(requestId),
  download: { ...downloadPage(requestId, '#'), goesTo: undefined },
  expired: expiredPage('collection'),
  locked: lockedPage(requestId),
  done: donePage('confirmed'),
  unknown: unknownPage(),
  change: changePage(change),
  'change-wrong': changePage(change, { ...mistyped, isDenying: true }),
  'change-denied': endedPage('denied'),
  'change-locked': lockedChangePage(),
  fault: faultPage('01KAYF8C0T5N7W2R4K6M9P1QSX'),
};

export const htmlOf = async (page: Page): Promise<string> => String(await layout(page, 'demo'));
