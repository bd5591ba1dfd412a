import { type Context, Hono } from 'hono';
import { platformDefinition } from '../adapters/configuration.ts';
import { readCode } from '../domain/code.ts';
import { momentWords } from '../domain/loop-mails.ts';
import { maskIdentity } from '../domain/masking.ts';
import { type Admin, changesOf } from '../domain/registered-admin.ts';
import { type AskedChange, findAskedChange } from '../steps/asked-admin-change.ts';
import { answerChangeByCode } from '../steps/ending-admin-change.ts';
import { standingOfAsked } from '../steps/trying-codes.ts';
import { type ChangeQuestion, changePage, endedPage, lockedChangePage } from './change-forms.ts';
import type { Wrong } from './forms.ts';
import type { Page } from './layout.ts';
import { unknownPage } from './notices.ts';

/**
 * The page on which the registered tenant admin says whether another takes their place. GET looks;
 * POST confirms or denies, with the code alone.
 */
export function adminChangePages(
  show: (context: Context, page: Page) => Response | Promise<Response>,
) {
  const app = new Hono();
  app.get('/:link', async (context) => show(context, await look(context.req.param('link'))));
  app.post('/:link', async (context) => {
    const form = await context.req.parseBody();
    const typed = typeof form.code === 'string' ? form.code : '';
    const isDenying = form.answer === 'deny';
    const link = context.req.param('link');
    const end = isDenying ? 'denied' : 'confirmed';
    const { outcome, triesLeft = 0 } = await answerChangeByCode(
      { link, code: typed },
      end,
      new Date(),
    );
    if (outcome === 'accepted') return show(context, endedPage(end));
    const isMistyped = readCode(typed) === undefined;
    const wrong = { triesLeft, isMistyped, isDenying, reason: '' };
    return show(context, await look(link, outcome === 'wrongCode' ? wrong : undefined));
  });
  return app;
}

async function look(link: string, wrong?: Wrong): Promise<Page> {
  const asked = await findAskedChange(link);
  if (!asked) return unknownPage();
  const standing = standingOfAsked(asked, new Date());
  switch (standing) {
    case 'open':
      return changePage(questionOf(asked), wrong);
    case 'locked':
      return lockedChangePage();
    case 'expired':
    case 'alreadyUsed':
      return endedPage(asked.wait.answer?.option ?? 'expired', 410);
    default:
      return standing satisfies never;
  }
}

const masked = ({ email }: Admin): string => maskIdentity({ type: 'email', value: email });
const keyWords = ({ packageKey }: Admin): string => packageKey ?? 'none';

function questionOf({ wait, from, to = from }: AskedChange): ChangeQuestion {
  const { timeZone } = platformDefinition().platform;
  const { address, packageKey, changeAfter } = changesOf(from, to);
  const rows: ChangeQuestion['rows'] = [];
  if (address) rows.push(['Registered', masked(from)], ['Named now', masked(to)]);
  if (packageKey) rows.push(['Key for packages', keyWords(from)], ['Named now', keyWords(to)]);
  if (changeAfter) rows.push(['A change waits', from.changeAfter], ['Named now', to.changeAfter]);
  return { rows, until: momentWords(wait.deadline ?? wait.since, timeZone) };
}
