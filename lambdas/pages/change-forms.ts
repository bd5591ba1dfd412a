import { html } from 'hono/html';
import { codeField, titled, type Wrong } from './forms.ts';
import { facts, notice, type Page } from './layout.ts';

/** Addresses are masked: who has the link alone learns no mailbox. */
export interface ChangeQuestion {
  rows: [name: string, value: string][];
  /** When it takes effect without an answer, in words. */
  until: string;
}

const CONFIRM = html`<p><button name="answer" value="confirm">Confirm the change</button></p>`;
const DENY = html`<p><button class="no" name="answer" value="deny">Deny the change</button></p>`;

/** Enter presses the first button: who was denying finds that one there. */
export const changePage = ({ rows, until }: ChangeQuestion, wrong?: Wrong): Page => ({
  title: titled('Another tenant admin?', wrong),
  status: wrong ? 403 : 200,
  body: html`<h1>Another tenant admin?</h1>
<p>The platform’s file names another than is registered. Whoever is registered confirms exports and receives their packages.</p>
${facts([...rows, ['Without an answer', `takes effect on ${until}`]])}
<form method="post">
${codeField('confirmation', wrong)}
${wrong?.isDenying ? html`${DENY}${CONFIRM}` : html`${CONFIRM}${DENY}`}
</form>`,
});

export const lockedChangePage = (): Page =>
  notice(
    423,
    'This code is locked',
    'locked',
    html`<p>Five wrong codes were typed, and nothing was confirmed. A new code comes with the next reminder.</p>
<p>If it was not you who typed them, tell the operator.</p>`,
  );

const ENDED: Record<string, [title: string, words: string]> = {
  confirmed: ['Confirmed', 'The other tenant admin is registered.'],
  denied: ['Denied', 'Who is registered stays, and the operator is told.'],
  expired: ['The time is over', 'Nobody answered in time, so that the change takes effect.'],
  withdrawn: ['Withdrawn', 'The platform’s file does not name this change any more.'],
};

export function endedPage(end: string, status: 200 | 410 = 200): Page {
  const [title, words] = ENDED[end] ?? ['Already done', 'A code works once.'];
  const mark = end === 'denied' || end === 'withdrawn' ? 'denied' : 'done';
  return notice(
    status,
    status === 410 ? 'Already done' : title,
    mark,
    html`<p>${words} Nothing more is to be done here.</p>`,
  );
}
