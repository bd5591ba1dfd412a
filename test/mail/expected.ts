import type { Verdicts } from '../../lambdas/domain/mail/fate.ts';

/** What is expected of one message of the corpus; every check has passed if nothing else is said. */
export interface Expected {
  fate: Record<string, unknown>;
  verdicts?: Partial<Verdicts>;
  /** Of the envelope; the From header's address if nothing else is said. */
  envelopeFrom?: string;
}

export const REQUEST = '01KAXJ8Z5T3Q9W7R2M4N6P8B0C';
const ADMIN = ['tenantAdmin'];

const anna = { type: 'email', value: 'anna.berg@example.org' };
const ben = { type: 'email', value: 'ben.koch@example.net' };
const email = (value: string) => ({ type: 'email', value });
const wish = (kind: string, identity = anna, subjectKind = 'customer') => ({
  kind,
  subjectKind,
  identity,
});
const request = (...wishes: ReturnType<typeof wish>[]): Expected => ({
  fate: { fate: 'request', wishes },
});
const erasure = request(wish('erasure'));
const access = request(wish('access'));
const unclear = (reason: string, as = ADMIN): Expected => ({
  fate: { fate: 'unclear', reason, as },
});
const ignored = (reason: string, header: string): Expected => ({
  fate: { fate: 'ignored', reason, header },
});
const quarantined = (reason: string, header?: string): Expected => ({
  fate: { fate: 'quarantined', reason, ...(header && { header }) },
});
const confirmation: Expected = {
  fate: {
    fate: 'confirmation',
    code: '7GQ2M0XK',
    requestId: REQUEST,
  },
};
const ofRecipient = (reason: string): Expected => unclear(reason, ['recipient']);
const intake = (kind?: string): Expected => ({
  fate: { fate: 'intake', ...(kind && { wish: wish(kind) }) },
});

/** By the name of its file in `corpus/`. */
export const EXPECTED: Record<string, Expected> = {
  'recipient-acknowledges': {
    fate: {
      fate: 'acknowledgement',
      code: '7GQ2M0XK',
      requestId: REQUEST,
      recipient: 'mailing',
    },
  },
  'recipient-cannot': ofRecipient('negated'),
  'recipient-says-done': ofRecipient('noCode'),
  'recipient-quotes-code': ofRecipient('noCode'),
  'recipient-by-another': unclear('noCode', ['sourceOwner']),
  'export-in-subject': access,
  'delete-in-subject': erasure,
  'erase-in-first-line': erasure,
  'access-two-people': request(wish('access'), wish('access', ben)),
  portability: request(wish('portability')),
  'article-20': request(wish('portability')),
  'user-access': request(wish('access', email('dev.singh@example.com'), 'user')),
  'german-erasure': erasure,
  'german-access': access,
  'address-in-brackets': erasure,
  'mailto-link': access,
  'plus-address': request(wish('access', email('anna+shop.news@example.org'))),
  'quoted-address': request(wish('erasure', email('"anna.berg"@example.org'))),
  'idn-address': request(wish('access', email('anna@bücher.example'))),
  'smtputf8-address': request(wish('access', email('jürgen@post.example'))),
  'customer-id': request(wish('erasure', { type: 'customer_id', value: 'C-004711' })),
  'two-kinds-each-with-address': request(wish('erasure'), wish('access', ben)),
  'capitals-and-blanks': access,
  'signature-names-the-admin': erasure,
  'signature-with-dashes': erasure,
  'no-message-id': erasure,
  'no-subject': erasure,
  'bare-headers': access,
  'line-feeds-only': access,
  'from-with-comment': access,
  'from-quoted-name': access,
  'from-encoded-name': access,
  'base64-body': erasure,
  'quoted-printable-body': erasure,
  'latin1-body': erasure,
  'html-only': erasure,
  'html-quote-below': erasure,
  alternative: erasure,
  'attachment-ignored': erasure,
  'forwarded-message-ignored': erasure,
  'forward-inline': erasure,
  'outlook-reply': erasure,
  'outlook-both-ways': erasure,
  // A line break that hides in an encoded word is a blank; the address behind it is one more wish.
  'encoded-line-breaks-in-subject': request(
    wish('erasure'),
    wish('erasure', email('all@elsewhere.example')),
  ),
  'line-break-in-address': unclear('noAddress'),
  'auto-submitted-no': access,
  'suppress-wish-alone': access,
  'reply-to-elsewhere': access,

  hello: unclear('noWord'),
  'word-without-address': unclear('noAddress'),
  'address-without-word': unclear('noWord'),
  'export-and-delete-at-once': unclear('severalKinds'),
  'subject-says-otherwise': unclear('severalKinds'),
  'do-not-delete': unclear('negated'),
  'german-not': unclear('negated'),
  'too-many': unclear('tooMany'),
  'only-quoted-wish': unclear('noWord'),
  empty: unclear('noWord'),
  'only-an-attachment': unclear('noWord'),
  'support-asks-for-deletion': unclear('decidesNothing', ['supportContact']),
  'support-says-retry': { fate: { fate: 'refresh', sources: ['crm'] } },
  'support-says-retry-of-a-cycle': { fate: { fate: 'refresh', sources: [] } },
  'support-says-retry-of-nothing': unclear('decidesNothing', ['supportContact']),

  'code-above-quote': confirmation,
  'code-in-a-sentence': confirmation,
  'code-with-blank': confirmation,
  'code-html': confirmation,
  'code-both-ways': confirmation,
  'id-in-quote-only': confirmation,
  'code-above-signature': confirmation,
  denial: {
    fate: {
      fate: 'denial',
      code: '7GQ2M0XK',
      requestId: REQUEST,
      why: 'She is no customer of ours.',
    },
  },
  'code-bottom-posting': unclear('noCode'),
  'code-and-not': unclear('negated'),
  'code-after-no': unclear('besideCode'),
  'code-before-refusal': unclear('besideCode'),
  'two-codes': unclear('severalCodes'),
  'yes-without-code': unclear('noCode'),
  'quote-without-marks': unclear('noCode'),
  'quote-in-an-html-part': unclear('noCode'),
  'our-text-without-a-mark': unclear('noCode'),
  'code-deep-below': unclear('noCode'),
  'code-by-operator': unclear('noCode', ['operator']),
  'code-by-stranger': intake(),

  'owner-says-done': {
    fate: {
      fate: 'decision',
      as: ['sourceOwner'],
      sources: ['crm'],
      requestIds: [REQUEST],
      option: 'confirmDeleted',
    },
  },
  'admin-says-retry': {
    fate: { fate: 'decision', as: ADMIN, sources: [], requestIds: [REQUEST], option: 'tryAgain' },
  },

  'out-of-office': ignored('autoReply', 'auto-submitted'),
  'out-of-office-no-header': ignored('autoReply', 'subject'),
  'out-of-office-precedence': ignored('autoReply', 'precedence'),
  'list-mail': ignored('list', 'list-id'),
  bulk: ignored('list', 'precedence'),
  newsletter: ignored('list', 'list-unsubscribe'),
  'bounce-report': ignored('bounce', 'content-type'),
  'bounce-null-path': { ...ignored('bounce', 'return-path'), envelopeFrom: '' },
  'mailer-daemon': ignored('bounce', 'from'),
  'own-mail-back': ignored('ownMail', 'from'),
  'door-to-door': ignored('ownMail', 'from'),

  'forged-from': { ...quarantined('notAuthenticated'), verdicts: { dmarc: 'FAIL' } },
  'no-policy': { ...quarantined('notAuthenticated'), verdicts: { dmarc: 'GRAY' } },
  'check-failed': { ...quarantined('notAuthenticated'), verdicts: { dmarc: 'PROCESSING_FAILED' } },
  virus: { ...quarantined('virus'), verdicts: { virus: 'FAIL' } },
  spam: { ...quarantined('spam'), verdicts: { spam: 'FAIL' } },
  'spam-not-scanned': { ...quarantined('spam'), verdicts: { spam: 'DISABLED' } },
  'two-from-headers': quarantined('repeatedHeader', 'from'),
  'two-authors': quarantined('noSingleAuthor'),
  'author-group': quarantined('noSingleAuthor'),
  'name-is-an-address': quarantined('noSingleAuthor'),
  'route-in-from': quarantined('noSingleAuthor'),
  'two-brackets': quarantined('noSingleAuthor'),
  'no-from': quarantined('noSingleAuthor'),
  'empty-from': quarantined('noSingleAuthor'),
  'two-subjects': quarantined('repeatedHeader', 'subject'),
  'two-content-types': quarantined('repeatedHeader', 'content-type'),
  'fifty-levels': quarantined('unreadable'),
  'endless-headers': quarantined('unreadable'),
  garbage: quarantined('noSingleAuthor'),
  nothing: quarantined('noSingleAuthor'),

  'person-asks-for-erasure': intake('erasure'),
  'person-asks-for-copy': intake('access'),
  'person-names-another': intake(),
  'person-asks-something': intake(),
  'person-does-not-want': intake(),
  'name-quotes-an-address': intake(),
  'look-alike-domain': intake(),
};
