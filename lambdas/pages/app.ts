import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { platformDefinition } from '../adapters/configuration.ts';
import { type CodeOutcome, type CodePurpose, readCode } from '../domain/code.ts';
import { askedWords, dayWords, momentWords } from '../domain/loop-mails.ts';
import { collectByCode } from '../steps/collecting.ts';
import { confirmByCode, denyByCode } from '../steps/confirming.ts';
import { findPackage } from '../steps/made-package.ts';
import { acknowledgeByCode } from '../steps/telling-recipients.ts';
import { type Asked, findAsked, standingOfAsked } from '../steps/trying-codes.ts';
import { adminChangePages } from './admin-change.ts';
import { acknowledgePage, confirmPage, type Question, redeemPage, type Wrong } from './forms.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { layout, type Page } from './layout.ts';
import {
  acknowledgedPage,
  confirmedPage,
  deniedPage,
  donePage,
  downloadPage,
  expiredPage,
  faultPage,
  lockedPage,
  tooLargePage,
  unknownPage,
} from './notices.ts';

const FORM_BYTES = 16_384;

/**
 * The pages of the loops. GET and HEAD look, and change nothing, however often a scanner opens
 * them; POST changes something only with a code that a person typed.
 * @param keepFault keeps what went wrong, and gives its id
 */
export function pages(keepFault: (error: unknown) => Promise<string>): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  app.use(bodyLimit({ maxSize: FORM_BYTES, onError: (context) => show(context, tooLargePage()) }));

  app.get('/confirm/:link', async (context) =>
    show(context, await look('confirmation', context.req.param('link'))),
  );
  app.post('/confirm/:link', async (context) => {
    const { answer, ...typed } = await typedIn(context);
    const isDenying = answer === 'deny';
    if (!isDenying && typed.reason.trim() !== '') {
      const { reason, link } = typed;
      const wrong = { triesLeft: 0, isMistyped: false, isUndecided: true, isDenying: true, reason };
      return show(context, await look('confirmation', link, wrong));
    }
    const outcome = isDenying
      ? await denyByCode({ ...typed, via: 'page' }, new Date())
      : await confirmByCode({ ...typed, via: 'page' }, new Date());
    const { requestId = '' } = outcome;
    const done = isDenying ? deniedPage(requestId) : confirmedPage(requestId);
    return show(context, await pageOf('confirmation', outcome, done, { ...typed, isDenying }));
  });
  app.get('/collect/:link', async (context) =>
    show(context, await look('collection', context.req.param('link'))),
  );
  app.post('/collect/:link', async (context) => {
    const typed = await typedIn(context);
    const outcome = await collectByCode(typed, new Date());
    const done = downloadPage(outcome.requestId ?? '', outcome.url ?? '');
    return show(context, await pageOf('collection', outcome, done, { ...typed, isDenying: false }));
  });
  app.get('/acknowledge/:link', async (context) =>
    show(context, await look('acknowledgement', context.req.param('link'))),
  );
  app.post('/acknowledge/:link', async (context) => {
    const { link, code, reason } = await typedIn(context);
    const outcome = await acknowledgeByCode({ link, code, via: 'page' }, new Date());
    const done = acknowledgedPage(outcome.requestId ?? '');
    const typed = { link, code, reason, isDenying: false };
    return show(context, await pageOf('acknowledgement', outcome, done, typed));
  });
  app.route('/change', adminChangePages(show));
  app.notFound((context) => show(context, unknownPage()));
  app.onError(async (error, context) => show(context, faultPage(await keepFault(error))));
  return app;
}

const show = (context: Context, page: Page) => {
  const { platform } = platformDefinition().platform;
  return context.html(layout(page, platform), page.status);
};

interface Form {
  link: string;
  code: string;
  reason: string;
  answer: string;
}

async function typedIn(context: Context): Promise<Form> {
  const form = await context.req.parseBody();
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  const link = context.req.param('link') ?? '';
  return { link, code: text('code'), reason: text('reason'), answer: text('answer') };
}

const FORMS: Record<CodePurpose, (question: Question, wrong?: Wrong) => Page> = {
  confirmation: confirmPage,
  collection: redeemPage,
  acknowledgement: acknowledgePage,
};

/** The page of a link, as things stand. */
async function look(purpose: CodePurpose, link: string, wrong?: Wrong): Promise<Page> {
  const asked = await findAsked(purpose, { link });
  if (!asked) return unknownPage();
  const standing = standingOfAsked(asked, new Date());
  switch (standing) {
    case 'open':
      return FORMS[purpose](await offerOf(purpose, asked), wrong);
    case 'expired':
      return expiredPage(purpose);
    case 'locked':
      return lockedPage(asked.request.requestId);
    case 'alreadyUsed':
      return donePage(asked.wait.answer?.option);
    default:
      return standing satisfies never;
  }
}

/** The page after a code was typed. */
async function pageOf(
  purpose: CodePurpose,
  { outcome, triesLeft }: CodeOutcome,
  done: Page,
  typed: Pick<Form, 'link' | 'code' | 'reason'> & { isDenying: boolean },
): Promise<Page> {
  if (outcome === 'accepted') return done;
  const isMistyped = readCode(typed.code) === undefined;
  const { reason, isDenying } = typed;
  const wrong = { triesLeft: triesLeft ?? 0, isMistyped, isDenying, reason };
  return look(purpose, typed.link, outcome === 'wrongCode' ? wrong : undefined);
}

/** Of a package, also how it is opened. */
async function offerOf(purpose: CodePurpose, asked: Asked): Promise<Question> {
  const question = questionOf(asked);
  if (purpose !== 'collection') return question;
  const made = await findPackage(asked.request.requestId);
  return { ...question, encryptedFor: made?.encryptedFor };
}

function questionOf({ request, wait, shown, code }: Asked): Question {
  const { timeZone } = platformDefinition().platform;
  const { requestId, kind, subjectKind, receivedAt, dueOn } = request;
  const ends = code.expiresAt ?? (wait.expires ? wait.deadline : undefined);
  return {
    requestId,
    asked: askedWords(kind, subjectKind),
    masked: shown.masked,
    receivedOn: dayWords(receivedAt, timeZone),
    dueOn: dayWords(dueOn, timeZone),
    ...(ends && { until: momentWords(ends, timeZone) }),
  };
}
