import { join } from 'node:path';
import { styleText } from 'node:util';
import { download, mailAbout, mailTheDoor, nextToRead, typeCode } from './export-story.ts';
import { codeIn, pageIn } from './loop-pages.ts';
import { until } from './patience.ts';
import { step } from './progress.ts';
import type { RunningPlatform } from './running-platform.ts';

export interface MailParts {
  /** Where mail comes in, by SMTP. */
  door: number;
  mailboxUrl: string;
  /** Where packages are put. */
  folder: string;
}

export interface ExportShown {
  requestId: string;
  /** It holds the person, and nobody else. */
  isTheirs: boolean;
  /** The page to open. */
  page: string;
}

/** Hands over what is held of one demo customer: by mail, a code, and a second code. */
export async function demonstrateExport(
  platform: RunningPlatform,
  { door, mailboxUrl, folder }: MailParts,
): Promise<ExportShown> {
  const { desk, demo } = platform;
  const admin = demo.platform.tenantAdmin.email;
  const person = await nextToRead(platform);
  const known = new Set((await desk.list()).map(({ requestId }) => requestId));
  await step('The tenant admin asks by mail for what is held of a customer', async ({ title }) => {
    const subject = `export ${person.email}`;
    await mailTheDoor(platform, door, subject);
    title(`A mail came in, from ${admin}: “${subject}”`);
  });
  const requestId = await step('The door opens a request', async ({ title }) => {
    const opened = await until('the mail opened a request', async () =>
      (await desk.list('open')).find(({ requestId: id }) => !known.has(id)),
    );
    title(`Request ${opened.requestId} is open, and waits to be confirmed`);
    return opened.requestId;
  });
  const asked = await step('The registered tenant admin is asked', async ({ title }) => {
    const mail = await mailAbout(mailboxUrl, /\/confirm\//, requestId);
    title(`A mail with a code went to ${admin}, the registered address:`);
    return mail;
  });
  console.log(styleText('dim', quoted(asked.text)));
  await step('The code is typed on the page', async ({ title }) => {
    await typeCode(pageIn(asked.text), { code: codeIn(asked.text), answer: 'confirm' });
    title(`The code ${codeIn(asked.text)} was typed on the page: confirmed`);
  });
  const [where, code] = await step('The data is gathered and packed', async ({ title }) => {
    const mails = [
      await mailAbout(mailboxUrl, /\/collect\//, requestId),
      await mailAbout(mailboxUrl, /can be collected/, requestId),
    ] as const;
    title('The data was gathered and packed; a page and its code came in two mails');
    return mails;
  });
  return step('The package is collected', async ({ title }) => {
    const into = join(folder, requestId);
    const files = await download(
      await typeCode(pageIn(where.text), { code: codeIn(code.text) }),
      into,
    );
    title(`The package was collected, once: ${files.size} files in ${into}`);
    const numbers = new Set([...files.values()].join('\n').match(/C-\d{6}/g));
    const isTheirs = numbers.size === 1 && numbers.has(person.customerId ?? '');
    return { requestId, isTheirs, page: join(into, 'index.html') };
  });
}

const quoted = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `    │ ${line}`.trimEnd())
    .join('\n');
