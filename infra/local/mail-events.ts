import { SESClient, SetIdentityNotificationTopicCommand } from '@aws-sdk/client-ses';
import type { Connection } from './connection.ts';

/**
 * The emulator tells what becomes of a mail to the topics of the identity that sent it, and not, as
 * SES does, to those of the configuration set: so both are set to the stack's own topic.
 */
export async function tellOfReturnedMails(
  connection: Connection,
  sender: string,
  topicArn: string,
): Promise<void> {
  const ses = new SESClient(connection);
  for (const NotificationType of ['Bounce', 'Complaint'] as const)
    await ses.send(
      new SetIdentityNotificationTopicCommand({
        Identity: sender,
        NotificationType,
        SnsTopic: topicArn,
      }),
    );
}
