import type { Envelope, SesVerdicts } from './verdicts.ts';

/** What SES hands to the function of a receipt rule, as far as it can be known here. */
export const sesEvent = (arrived: {
  messageId: string;
  at: Date;
  envelope: Envelope;
  recipient: string;
  functionArn: string;
  verdicts: SesVerdicts;
}) => {
  const { messageId, at, envelope, recipient, functionArn, verdicts } = arrived;
  const verdict = (name: keyof SesVerdicts) => ({ status: verdicts[name] });
  return {
    Records: [
      {
        eventSource: 'aws:ses',
        eventVersion: '1.0',
        ses: {
          mail: {
            timestamp: at.toISOString(),
            source: envelope.from,
            messageId,
            destination: [recipient],
          },
          receipt: {
            timestamp: at.toISOString(),
            processingTimeMillis: 0,
            recipients: [recipient],
            spfVerdict: verdict('spf'),
            dkimVerdict: verdict('dkim'),
            dmarcVerdict: verdict('dmarc'),
            spamVerdict: verdict('spam'),
            virusVerdict: verdict('virus'),
            action: { type: 'Lambda', functionArn, invocationType: 'Event' },
          },
        },
      },
    ],
  };
};
export type SesEvent = ReturnType<typeof sesEvent>;
