import { until } from '../../infra/local/patience.ts';
import { platform } from './scene.ts';

export interface SentMail {
  To: string[];
  Subject: string;
  BodyText: string;
}

/** Every mail that the system has sent to an address, oldest first. */
async function mailsTo(address: string): Promise<SentMail[]> {
  const answer = await fetch(`${platform.connection.endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, SentMail[]> };
  return Object.values(messages)
    .flat()
    .filter(({ To }) => To.includes(address));
}

/** Those of them that are about one request, cycle or source, once there is one. */
export const mailsAbout = (about: string, address: string): Promise<SentMail[]> =>
  until(`a mail about ${about} left`, async () => {
    const mails = (await mailsTo(address)).filter(({ Subject, BodyText }) =>
      `${Subject} ${BodyText}`.includes(about),
    );
    return mails.length > 0 ? mails : undefined;
  });
