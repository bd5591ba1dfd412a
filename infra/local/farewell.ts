import { styleText } from 'node:util';
import { fiftyOrders } from './demo-data/demo-people.ts';
import type { Demonstration } from './demonstration.ts';
import type { ExportShown } from './export-demonstration.ts';
import { mailPortsBeside } from './mail/mail-ports.ts';
import type { RunningPlatform } from './running-platform.ts';

interface Shown {
  erased?: Demonstration | undefined;
  exported?: ExportShown | undefined;
}

/** What to try next. */
export function farewell(platform: RunningPlatform, { erased, exported }: Shown): string {
  const { connection } = platform;
  const script = (words: string, says: string) =>
    `  ${styleText('bold', `npm run ${words}`.padEnd(58))}  ${says}`;
  const command = (words: string, says: string) => script(`dsr -- ${words}`, says);
  return [
    ...(erased?.isProven ? ['Proven: nothing that is active holds the person.'] : []),
    ...(exported?.isTheirs ? [`Handed over, of one customer alone: open ${exported.page}`] : []),
    '',
    `The system is up at ${connection.endpoint}. In a second terminal, try:`,
    ...(erased
      ? [
          command(`status ${erased.requestId}`, 'each step, and when'),
          command(`certificate ${erased.requestId}`, 'what it came to'),
          command(`evidence ${erased.requestId} --out bundle.json`, 'what an auditor gets'),
        ]
      : []),
    command('sources', 'how the last refresh went'),
    command('snapshot', 'what is active now'),
    command(`erase --customer-id ${fiftyOrders.customerId} --dry-run`, 'where somebody stands'),
    command(`erase --customer-id ${fiftyOrders.customerId}`, 'a request that waits …'),
    script(`demo:delete -- ${fiftyOrders.customerId}`, '… until the sources let go'),
    command('mail', 'what came in by mail, and what became of it'),
    command('mailbox', 'what the system has sent'),
    '',
    ...byMail(platform),
    '',
    'Ctrl-C ends everything; npm start takes it up again.',
  ].join('\n');
}

/** How to write to the system, with a program that Debian and others bring. */
function byMail({ connection, demo }: RunningPlatform): string[] {
  const { mailDoor, tenantAdmin } = demo.platform;
  if (!mailDoor) return [];
  const { door, page } = mailPortsBeside(Number(new URL(connection.endpoint).port));
  return [
    'By mail, as the tenant admin; any mail program will do that speaks SMTP with STARTTLS:',
    `  swaks --server 127.0.0.1:${door} -tls --from ${tenantAdmin.email} \\`,
    `    --to ${mailDoor.address} --header "Subject: export user@example.com" --body ""`,
    `The answer, and the code to confirm with: http://127.0.0.1:${page}/`,
  ];
}
