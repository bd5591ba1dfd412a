import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Mail } from '../domain/mails.ts';
import { awsClient } from './aws-clients.ts';
import { configuration, platformDefinition } from './configuration.ts';

const ses = new SESClient(awsClient);

/**
 * Sends to a registered address of the platform; marked as automatic, so that no loop can start.
 * @returns the id by which SES tells what became of it
 */
export async function sendMail(to: string, { subject, text }: Mail): Promise<string> {
  const { platform } = platformDefinition();
  const composed = new MailComposer({
    from: platform.sender,
    // Answers go through the door, which knows who wrote them.
    ...(platform.mailDoor && { replyTo: platform.mailDoor.address }),
    to,
    subject,
    text,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  });
  const { MessageId } = await ses.send(
    new SendRawEmailCommand({
      RawMessage: { Data: await composed.compile().build() },
      ConfigurationSetName: configuration().mailConfigurationSet,
    }),
  );
  if (!MessageId) throw new Error('SES gave no message id');
  return MessageId;
}

/** What SES answers as long as somebody does not change something: to ask again is of no use. */
const REFUSALS = [
  'MessageRejected',
  'MailFromDomainNotVerifiedException',
  'AccountSendingPausedException',
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
];

export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && REFUSALS.includes(error.name);
