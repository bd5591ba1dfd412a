import { platform } from './scene.ts';

export interface SentMail {
  To: string[];
  Subject: string;
  BodyText: string;
}

/** Every mail that the system has sent to an address, oldest first. */
export async function mailsTo(address: string): Promise<SentMail[]> {
  const answer = await fetch(`${platform.connection.endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, SentMail[]> };
  return Object.values(messages)
    .flat()
    .filter(({ To }) => To.includes(address));
}

/** Those of them that are about one request, cycle or source. */
export const mailsAbout = async (about: string, address: string): Promise<SentMail[]> =>
  (await mailsTo(address)).filter(({ Subject, BodyText }) =>
    `${Subject} ${BodyText}`.includes(about),
  );
