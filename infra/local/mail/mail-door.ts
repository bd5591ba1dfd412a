import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { INBOUND_PREFIX } from '../../../lambdas/domain/mail/inbound.ts';
import { type Connection, s3At } from '../connection.ts';
import type { Resolver } from './dns-zone.ts';
import { type SesEvent, sesEvent } from './ses-event.ts';
import { verdictsOf } from './verdicts.ts';

/** As SES takes them. */
const LARGEST_BYTES = 40 * 1024 * 1024;

interface DoorPlan {
  port: number;
  /** The one address that takes mail. */
  address: string;
  resolver: Resolver;
  /** First the message, then the event: as the two actions of the receipt rule. */
  deliver(messageId: string, raw: Buffer, event: SesEvent): Promise<void>;
  functionArn: string;
}

export interface MailDoorServer {
  port: number;
  close(): Promise<void>;
}

/** What an SES receipt rule does, over SMTP: TLS required, one address, a size limit, verdicts. */
export async function openMailDoor(plan: DoorPlan): Promise<MailDoorServer> {
  const { address, resolver, deliver, functionArn } = plan;
  const server = new SMTPServer({
    // Its own certificate, whose key is no secret: nothing but this machine is reached here.
    logger: false,
    authOptional: true,
    disabledCommands: ['AUTH'],
    size: LARGEST_BYTES,
    onMailFrom: (_, session, done) =>
      done(session.secure ? null : refusal(530, 'Must issue a STARTTLS command first')),
    onRcptTo: (to, _, done) =>
      done(
        to.address.toLowerCase() === address.toLowerCase()
          ? null
          : refusal(550, 'Mailbox unavailable'),
      ),
    onData(stream, session, done) {
      const receive = async () => {
        const raw = await readWhole(stream);
        if (stream.sizeExceeded) throw refusal(552, 'Message exceeds fixed maximum message size');
        const { mailFrom } = session.envelope;
        const envelope = {
          from: mailFrom === false ? '' : mailFrom.address,
          ip: session.remoteAddress,
          helo: session.hostNameAppearsAs,
        };
        const verdicts = await verdictsOf(raw, envelope, resolver);
        const messageId = randomBytes(20).toString('hex');
        const at = new Date();
        const event = { messageId, at, envelope, recipient: address, functionArn, verdicts };
        await deliver(messageId, raw, sesEvent(event));
        return `OK ${messageId}`;
      };
      receive().then(
        (words) => done(null, words),
        (fault: Error) => done(fault),
      );
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(plan.port, '127.0.0.1');
  await once(listener, 'listening');
  const bound = listener.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : plan.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Into the bucket of the stack, and to its function, in the order of the rule. */
export const deliverTo =
  (connection: Connection, outputs: Record<string, string>): DoorPlan['deliver'] =>
  async (messageId, raw, event) => {
    await s3At(connection).send(
      new PutObjectCommand({
        Bucket: outputs.InboundMailBucket,
        Key: `${INBOUND_PREFIX}${messageId}`,
        Body: raw,
      }),
    );
    await new LambdaClient(connection).send(
      new InvokeCommand({
        FunctionName: outputs.ReceiveMailFunction,
        InvocationType: 'Event',
        Payload: JSON.stringify(event),
      }),
    );
  };

const refusal = (responseCode: number, words: string): Error =>
  Object.assign(new Error(words), { responseCode });

async function readWhole(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What is beyond the limit is read to its end, and dropped.
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes <= LARGEST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
