import type { Message } from './message.ts';

type Headers = { key: string; value: string }[];

/** Of mailers and lists that do not say so in a header of their own. */
const ROBOTS = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+-].*)?@/;

/** What programs put before the subject that they answer. */
const AUTOMATIC_SUBJECT =
  /^\s*(automatic reply|auto(matic)?[ -]?(reply|response)|auto:|out of (the )?office|away from (my|the) (mail|office)|automatische antwort|abwesenheits|abwesend|r[ée]ponse automatique|respuesta autom[áa]tica|risposta automatica|automatisch antwoord)/i;

const UNDELIVERED_SUBJECT =
  /^\s*(undeliver(ed|able)|delivery status notification|mail delivery (failed|subsystem)|returned mail|failure notice|unzustellbar)/i;

const LIST_HEADERS = ['list-id', 'list-post', 'list-unsubscribe', 'list-help', 'mailing-list'];
const REPLY_HEADERS = ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'x-autoreply-from'];

/**
 * Whether a program wrote this (RFC 3834), and by which header one sees it. `X-Auto-Response-Suppress`
 * tells nothing: it is a wish, and people's mailers send it too.
 */
export function automaticBy(
  headers: Headers,
  envelopeFrom: string | undefined,
): Message['automatic'] {
  const of = (name: string) =>
    headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase();
  const has = (names: string[]) => names.find((name) => of(name) !== undefined);

  if (envelopeFrom === '' || envelopeFrom === '<>')
    return { reason: 'bounce', header: 'return-path' };
  if (of('return-path') === '<>') return { reason: 'bounce', header: 'return-path' };
  if (/^multipart\/report\b/.test(of('content-type') ?? ''))
    return { reason: 'bounce', header: 'content-type' };
  if (has(['x-failed-recipients'])) return { reason: 'bounce', header: 'x-failed-recipients' };
  const submitted = of('auto-submitted');
  if (submitted !== undefined && !/^no\b/.test(submitted))
    return { reason: 'autoReply', header: 'auto-submitted' };
  const reply = has(REPLY_HEADERS);
  if (reply) return { reason: 'autoReply', header: reply };
  const precedence = of('precedence') ?? '';
  if (/^auto.?reply/.test(precedence)) return { reason: 'autoReply', header: 'precedence' };
  if (/^(bulk|list|junk)\b/.test(precedence)) return { reason: 'list', header: 'precedence' };
  const list = has(LIST_HEADERS);
  if (list) return { reason: 'list', header: list };
  return bySubject(of('subject') ?? '');
}

const bySubject = (subject: string): Message['automatic'] => {
  if (AUTOMATIC_SUBJECT.test(subject)) return { reason: 'autoReply', header: 'subject' };
  if (UNDELIVERED_SUBJECT.test(subject)) return { reason: 'bounce', header: 'subject' };
  return undefined;
};

/** Addresses that no person reads or writes from. */
export const isRobot = (address: string): boolean => ROBOTS.test(address);
