import { Stack } from 'aws-cdk-lib';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Handlers } from './handlers.ts';

/** Every mail is sent under this name, and what becomes of it is told under it. */
export const configurationSetName = (scope: Construct): string =>
  `${Stack.of(scope).stackName}-mails`;

/** What becomes of the mails: those that came back, or were marked as unwanted. */
export class MailEvents extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    const set = new ConfigurationSet(this, 'Set', {
      configurationSetName: configurationSetName(this),
      // A code is sent over TLS or not at all: then it comes back, which is told.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    set.addEventDestination('Returned', {
      // With it, SES may publish there, for this set alone.
      destination: EventDestination.snsTopic(this.topic),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
  }

  /** @param undelivered where a notice goes that reached no function */
  recordedBy(handlers: Handlers, undelivered: IQueue): void {
    this.topic.addSubscription(
      new LambdaSubscription(handlers.function('recordBounce'), { deadLetterQueue: undelivered }),
    );
  }
}
