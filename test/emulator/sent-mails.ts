/** A mail that the emulator's SES was asked to send. */
export interface SentMail {
  MessageId: string;
  To: string[];
  Subject: string;
  BodyText: string;
}

/** Every mail that was sent over an emulator, whoever sent it; oldest first. */
export async function everyMail(endpoint = process.env.AWS_ENDPOINT_URL): Promise<SentMail[]> {
  const answer = await fetch(`${endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, SentMail[]> };
  return Object.values(messages).flat();
}

/** Those whose subject or words name this. */
export const mailsNaming = async (what: string, endpoint?: string): Promise<SentMail[]> =>
  (await everyMail(endpoint)).filter(({ Subject, BodyText }) =>
    `${Subject} ${BodyText}`.includes(what),
  );
