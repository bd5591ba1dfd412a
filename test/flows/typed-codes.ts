import { stackName } from '../../infra/local/demo-platform.ts';
import { pagesAt } from '../../infra/local/deploy.ts';
import { until } from '../../infra/local/patience.ts';
import { NOWHERE } from '../emulator/assembly.ts';
import { mailsAbout, type SentMail } from './mailbox.ts';
import { platform } from './scene.ts';

export const tenantAdmin = 'tenant-admin@shop.example';

/** The newest mail to the tenant admin about a request whose text matches, once there is one. */
const mailWith = (requestId: string, words: RegExp): Promise<SentMail> =>
  until(`a mail about ${requestId} with ${words}`, async () =>
    (await mailsAbout(requestId, tenantAdmin)).findLast(({ BodyText }) => words.test(BodyText)),
  );

const CODE = /Code: (\S+)/;
const found = ({ BodyText }: SentMail, words: RegExp): string => {
  const [, text] = words.exec(BodyText) ?? [];
  if (!text) throw new Error(`There is no ${words} in the mail.`);
  return text;
};

/** The same page at the emulator, whose address the mails of tests do not know. */
const atEmulator = (page: string): string =>
  page.replace(NOWHERE, pagesAt(platform.connection, stackName));

/** A page of the loop, and the code that the tenant admin was mailed for it. */
export interface Asked {
  page: string;
  code: string;
}

export async function confirmationOf(requestId: string): Promise<Asked> {
  const words = /(https?:\/\/\S+\/confirm\/\S+)/;
  const mail = await mailWith(requestId, words);
  return { page: atEmulator(found(mail, words)), code: found(mail, CODE) };
}

/** The page in one mail, the code in another. */
export async function collectionOf(requestId: string): Promise<Asked> {
  const words = /(https?:\/\/\S+\/collect\/\S+)/;
  const [where, what] = await Promise.all([
    mailWith(requestId, words),
    mailWith(requestId, /can be collected/),
  ]);
  return { page: atEmulator(found(where, words)), code: found(what, CODE) };
}

/** Types a code on its page, as a person would. */
export async function type(
  { page, code }: Asked,
  also: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ code, ...also }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** The address of the download that a page gives. */
export const downloadIn = (text: string): string => {
  const [, address = ''] = /class="button" href="([^"]+)"/.exec(text) ?? [];
  return address.replaceAll('&amp;', '&');
};
