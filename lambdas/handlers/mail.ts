import * as z from 'zod';
import { DiscloseMail } from '../domain/mail/desk.ts';
import { arrivalsOf, InboundMail } from '../domain/mail/inbound.ts';
import type { Desk } from '../steps/acting-on-mail.ts';
import { confirmByCode, denyByCode } from '../steps/confirming.ts';
import { decideWait } from '../steps/deciding.ts';
import { openRequest } from '../steps/opening.ts';
import { discloseMail as disclosed, listMails } from '../steps/reading-mail.ts';
import { receiveOne } from '../steps/receiving-mail.ts';
import { acknowledgeByReply } from '../steps/telling-recipients.ts';
import { step } from './step.ts';

const desk: Desk = {
  ...{ openRequest, confirmByCode, denyByCode, acknowledgeByReply },
  decide: decideWait,
};

/** Called by SES when it has stored a message: at least once. */
export const receiveMail = step('receiveMail', InboundMail, async (event) => {
  const fates: string[] = [];
  for (const arrived of arrivalsOf(event))
    fates.push((await receiveOne(arrived, desk, new Date())).outcome);
  return { outcome: fates.join(' ') };
});

export const listMail = step('listMail', z.object({}), listMails);

export const discloseMail = step('discloseMail', DiscloseMail, ({ mailId, by }) =>
  disclosed(mailId, by),
);
