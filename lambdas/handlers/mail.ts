import * as z from 'zod';
import { DiscloseMail, RereadMail } from '../domain/mail/desk.ts';
import { arrivalsOf, InboundMail } from '../domain/mail/inbound.ts';
import type { Desk } from '../steps/acting-on-mail.ts';
import { confirmByCode, denyByCode } from '../steps/confirming.ts';
import { decideWait } from '../steps/deciding.ts';
import { openRequest } from '../steps/opening.ts';
import { queueRefresh } from '../steps/queueing.ts';
import { discloseMail as disclosed, listMails } from '../steps/reading-mail.ts';
import { receiveOne } from '../steps/receiving-mail.ts';
import { rereadMail as reread, rereadMails } from '../steps/rereading-mail.ts';
import { acknowledgeByReply } from '../steps/telling-recipients.ts';
import { step } from './step.ts';

const desk: Desk = {
  ...{ openRequest, confirmByCode, denyByCode, acknowledgeByReply },
  decide: decideWait,
  requestRefresh: queueRefresh,
};

/** Called by SES when it has stored a message: at least once. */
export const receiveMail = step('receiveMail', InboundMail, async (event) => {
  const fates: string[] = [];
  for (const arrived of arrivalsOf(event))
    fates.push((await receiveOne(arrived, desk, new Date())).outcome);
  return { outcome: fates.join(' ') };
});

/** On a schedule: what came to no end. By hand: one message, at once. */
export const rereadMail = step('rereadMail', RereadMail, async (asked) =>
  asked.mailId === undefined
    ? { outcome: 'looked' as const, due: await rereadMails(desk, new Date()) }
    : reread(asked.mailId, asked.by, desk, new Date()),
);

export const listMail = step('listMail', z.object({}), listMails);

export const discloseMail = step('discloseMail', DiscloseMail, ({ mailId, by }) =>
  disclosed(mailId, by),
);
