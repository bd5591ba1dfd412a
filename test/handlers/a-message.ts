import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from '@jest/globals';
import { everyRow } from '../adapters/tables.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';

export const ADMIN = 'tenant-admin@shop.example';

/** Whom the message of that id wants erased. */
const personOf = (id: string) => `${createHash('sha256').update(id).digest('hex')}@example.org`;

/** Lies where SES puts a message of the tenant admin. */
export async function storeMessage(id: string): Promise<void> {
  const Body = [
    `From: ${ADMIN}`,
    'To: privacy@requests.shop.example',
    `Subject: delete ${personOf(id)}`,
    `Message-ID: <${id}@shop.example>`,
    '',
    'Thanks.',
  ].join('\r\n');
  const Bucket = process.env.INBOUND_MAIL_BUCKET;
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: `inbound/${id}`, Body }));
}

const PASS = { status: 'PASS' };
/** What SES calls with. */
export const arrivalOf = (id: string) => ({
  Records: [
    {
      ses: {
        mail: { messageId: id, source: ADMIN },
        receipt: {
          timestamp: new Date().toISOString(),
          ...{ spamVerdict: PASS, virusVerdict: PASS, dmarcVerdict: PASS },
        },
      },
    },
  ],
});

interface Received {
  mail: string;
  fate: string;
  requests: string;
}

/** One request was opened, and its author heard of it: twice, where it was not known that a mail had left. */
export async function expectAnswered(id: string): Promise<void> {
  const entries = await everyRow('ledgerTable');
  const received = entries.flatMap(({ event, facts }) =>
    event === 'mailReceived' ? [facts as Received] : [],
  );
  const [one, ...others] = received.filter(({ mail }) => mail === id);
  expect(others).toEqual([]);
  expect(one).toMatchObject({ fate: 'request', requests: expect.stringMatching(/^[0-9A-Z]{26}$/) });
  const requestId = one?.requests ?? '';
  const opened = entries.filter(
    ({ pk, event }) => pk === `request/${requestId}` && event === 'requestReceived',
  );
  expect(opened).toHaveLength(1);
  const answers = (await mailsNaming(requestId)).filter(({ To }) => To.includes(ADMIN));
  expect([1, 2]).toContain(answers.length);
}
