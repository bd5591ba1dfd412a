import { handle } from 'hono/aws-lambda';
import * as z from 'zod';
import { pages } from '../pages/app.ts';
import { recordReturned } from '../steps/returned-mails.ts';
import { kept, step } from './step.ts';

/** What the HTTP API calls: every page, and every code that is typed on one. */
export const servePages = handle(pages((error) => kept('servePages', {}, error)));

/** SES says it as an event of a configuration set, or as a notice of an identity. */
const Notice = z
  .object({
    eventType: z.string().optional(),
    notificationType: z.string().optional(),
    mail: z.object({ messageId: z.string().min(1).max(200) }),
  })
  .transform(({ eventType, notificationType, mail }) => ({
    kind: (eventType ?? notificationType ?? '').toLowerCase(),
    messageId: mail.messageId,
  }));

const FromTopic = z.object({
  Records: z
    .array(
      z.object({ Sns: z.object({ Message: z.string().transform((text) => JSON.parse(text)) }) }),
    )
    .transform((records) => records.map(({ Sns }) => Notice.parse(Sns.Message))),
});

/** A mail came back, was refused by SES, or was marked as unwanted. */
const RETURNED: Record<string, 'bounce' | 'complaint'> = {
  bounce: 'bounce',
  reject: 'bounce',
  complaint: 'complaint',
};

export const recordBounce = step('recordBounce', FromTopic, async ({ Records }) => {
  const outcomes: string[] = [];
  for (const { kind, messageId } of Records) {
    const returned = RETURNED[kind];
    if (returned) outcomes.push((await recordReturned(messageId, returned)).outcome);
  }
  return { outcome: outcomes.join(', ') || 'ignored' };
});
