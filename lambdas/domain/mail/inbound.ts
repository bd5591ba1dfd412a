import * as z from 'zod';

/** Under which a receipt rule stores raw messages, by their SES id. */
export const INBOUND_PREFIX = 'inbound/';

/** What SES puts there itself when the rule is made: a message that no event is about. */
export const SES_OWN = 'AMAZON_SES_SETUP_NOTIFICATION';

/** So long Lambda tries to hand an event over; after that, none comes any more. */
export const EVENT_LIVES_HOURS = 6;

/** The id that SES gives a message when it comes in; opaque. */
export const MailId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);

const Verdict = z.object({ status: z.string() });

/**
 * What is read of an SES event, and nothing else of it: SES leaves out `dmarcPolicy` where DMARC
 * did not fail and `subject` where there is none, and adds verdicts such as `DISABLED`.
 */
export const InboundMail = z.object({
  Records: z
    .array(
      z.object({
        ses: z.object({
          mail: z.object({ messageId: MailId, source: z.string() }),
          receipt: z.object({
            timestamp: z.iso.datetime({ offset: true }),
            spamVerdict: Verdict,
            virusVerdict: Verdict,
            dmarcVerdict: Verdict,
          }),
        }),
      }),
    )
    .min(1),
});
export type InboundMail = z.infer<typeof InboundMail>;

/** One message at the door. */
export interface ArrivedMail {
  mailId: string;
  /** Of the envelope; empty for a bounce, absent where it is not known any more. */
  envelopeFrom?: string;
  /** ISO 8601 UTC. */
  receivedAt: string;
  /** Absent where what SES said never reached us. */
  verdicts?: { spam: string; virus: string; dmarc: string };
}

export const arrivalsOf = ({ Records }: InboundMail): ArrivedMail[] =>
  Records.map(({ ses: { mail, receipt } }) => ({
    mailId: mail.messageId,
    envelopeFrom: mail.source.trim(),
    receivedAt: new Date(receipt.timestamp).toISOString(),
    verdicts: {
      spam: receipt.spamVerdict.status,
      virus: receipt.virusVerdict.status,
      dmarc: receipt.dmarcVerdict.status,
    },
  }));
