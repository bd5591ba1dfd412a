import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Mail } from '../domain/mails.ts';
import { awsClient } from './aws-clients.ts';
import { platformDefinition } from './configuration.ts';

const ses = new SESClient(awsClient);

/** Sends to a registered address of the platform; marked as automatic, so that no loop can start. */
export async function sendMail(to: string, { subject, text }: Mail): Promise<void> {
  const composed = new MailComposer({
    from: platformDefinition().platform.sender,
    to,
    subject,
    text,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  });
  await ses.send(
    new SendRawEmailCommand({ RawMessage: { Data: await composed.compile().build() } }),
  );
}
