import { stackName } from '../../infra/local/demo-platform.ts';
import { pagesAt } from '../../infra/local/deploy.ts';
import { codeIn, pageIn, submit } from '../../infra/local/loop-pages.ts';
import { until } from '../../infra/local/patience.ts';
import { NOWHERE } from '../emulator/assembly.ts';
import type { SentMail } from '../emulator/sent-mails.ts';
import { mailsAbout, tenantAdmin } from './mailbox.ts';
import { platform } from './scene.ts';

/** The newest mail about a request whose text matches, once there is one. */
const mailWith = (requestId: string, words: RegExp, to = tenantAdmin): Promise<SentMail> =>
  until(`a mail about ${requestId} with ${words}`, async () =>
    (await mailsAbout(requestId, to)).findLast(({ BodyText }) => words.test(BodyText)),
  );

/** The same page at the emulator, whose address the mails of tests do not know. */
const atEmulator = (page: string): string =>
  page.replace(NOWHERE, pagesAt(platform.connection, stackName));

/** A page of the loop, and the code that the tenant admin was mailed for it. */
export interface Asked {
  page: string;
  code: string;
}

export async function confirmationOf(requestId: string): Promise<Asked> {
  const { BodyText } = await mailWith(requestId, /\/confirm\//);
  return { page: atEmulator(pageIn(BodyText)), code: codeIn(BodyText) };
}

/** What a recipient of the demo was mailed, by their name in platform.yaml. */
export async function acknowledgementOf(requestId: string, recipient: string): Promise<Asked> {
  const { email } = platform.demo.platform.recipients[recipient] ?? {};
  const { BodyText } = await mailWith(requestId, /\/acknowledge\//, email);
  return { page: atEmulator(pageIn(BodyText)), code: codeIn(BodyText) };
}

/** The page in one mail, the code in another. */
export async function collectionOf(requestId: string): Promise<Asked> {
  const [where, what] = await Promise.all([
    mailWith(requestId, /\/collect\//),
    mailWith(requestId, /can be collected/),
  ]);
  return { page: atEmulator(pageIn(where.BodyText)), code: codeIn(what.BodyText) };
}

/** Types a code on its page, as a person would. */
export async function type(
  { page, code }: Asked,
  also: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await submit(page, { code, ...also });
  return { status: answer.status, text: await answer.text() };
}
