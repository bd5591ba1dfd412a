import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { SMTPServer } from 'smtp-server';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { mailboxPage } from './mailbox-page.ts';

/*
 * A process of its own: takes every mail that the emulator sends, keeps it, and shows it.
 * Arguments: the folder, the SMTP port, the port of the page.
 */
const [folder = '', smtpPort = '', pagePort = ''] = process.argv.slice(2);
const mailbox = openMailbox(folder);

const sink = new SMTPServer({
  logger: false,
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      mailbox.keep(Buffer.concat(chunks));
      done();
    });
  },
});
sink.on('error', () => undefined);
await once(sink.listen(Number(smtpPort), '127.0.0.1'), 'listening');

const pages = createServer((asked, answer) => {
  show(mailbox, asked.url ?? '/', answer).catch(() => answer.writeHead(500).end());
});
pages.listen(Number(pagePort), '127.0.0.1');

async function show(kept: Mailbox, path: string, answer: ServerResponse): Promise<void> {
  const mails = await kept.mails();
  if (path === '/mails.json')
    return void answer
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(mails));
  if (path !== '/') return void answer.writeHead(404).end();
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  answer.writeHead(200, headers).end(String(await mailboxPage(mails)));
}
