import { createTransport, type SendMailOptions } from 'nodemailer';
import type { SentMail } from './mailbox.ts';

/** Sends a mail to a local door, as any mail program would: by SMTP, over TLS. */
export async function sendTo(
  { port }: { port: number },
  mail: SendMailOptions,
  { tls = true } = {},
): Promise<void> {
  const transport = createTransport({
    ...{ host: '127.0.0.1', port, name: 'client.example' },
    ...{ requireTLS: tls, ignoreTLS: !tls },
    // Its certificate is nobody's.
    tls: { rejectUnauthorized: false },
  });
  await transport.sendMail(mail).finally(() => transport.close());
}

/** Everything in a local mailbox, oldest first. */
export async function readMailbox(mailboxUrl: string): Promise<SentMail[]> {
  const answered = await fetch(new URL('mails.json', mailboxUrl));
  return (await answered.json()) as SentMail[];
}
