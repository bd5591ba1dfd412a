import { html } from 'hono/html';
import type { CodePurpose } from '../domain/code.ts';
import { openingCommand } from '../domain/export/package-name.ts';
import { facts, type Page } from './layout.ts';

/** What a page asks about; all of the person is masked. */
export interface Question {
  requestId: string;
  asked: string;
  masked: string[];
  /** Days in words. */
  receivedOn: string;
  dueOn: string;
  /** When it expires, in words. */
  until?: string;
  /** Of a package: the age recipient that it is encrypted for. */
  encryptedFor?: string | undefined;
}

/** A code was wrong. */
export interface Wrong {
  triesLeft: number;
  /** What was typed cannot be a code at all. */
  isMistyped: boolean;
  /** As it was typed, to be mended. */
  reason: string;
  /** They were denying it. */
  isDenying: boolean;
  /** A reason was written, and "confirm" was sent: Enter does so too. Nothing was tried. */
  isUndecided?: boolean;
}

const MOST_TYPED = 40;

const wrongWords = ({ triesLeft, isMistyped, isUndecided }: Wrong): string => {
  if (isUndecided)
    return 'You have written why it should be denied. Nothing was done: deny it, or empty that field to confirm.';
  const left = `${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left.`;
  return isMistyped
    ? `A code has eight letters and digits, such as 7GQ2-M0XK. That cost no try: ${left}`
    : `This is not the code. ${left} If you got several mails, only the newest code works.`;
};

export const codeField = (purpose: CodePurpose, wrong?: Wrong) => html`
${wrong ? html`<p class="wrong" role="alert" id="wrong">${wrongWords(wrong)}</p>` : ''}
<label for="code">Code</label>
<p class="hint" id="hint">${
  purpose === 'collection'
    ? 'Eight letters and digits, from the other mail.'
    : 'Eight letters and digits, from the mail that brought you here.'
} Capitals and hyphens do not matter.</p>
<input id="code" name="code" type="text" required autocomplete="one-time-code" autocapitalize="characters" autocorrect="off" spellcheck="false" maxlength="${MOST_TYPED}" aria-describedby="${wrong ? 'wrong hint' : 'hint'}"${wrong ? html` aria-invalid="true" autofocus` : ''}>`;

export const titled = (title: string, wrong?: Wrong) => (wrong ? `Wrong code · ${title}` : title);

const CONFIRM = html`<button name="answer" value="confirm">Confirm the request</button>`;

/** Enter presses the first button of a form: who was denying finds that one there. */
const denyPart = (wrong?: Wrong) => html`
<details${wrong?.reason || wrong?.isDenying ? html` open` : ''}>
<summary>Deny it instead</summary>
<label for="reason">Why, if you like</label>
<p class="hint" id="why">Kept encrypted with the request, and deleted with it.</p>
<textarea id="reason" name="reason" maxlength="2000" aria-describedby="why">${wrong?.reason ?? ''}</textarea>
<button class="no" name="answer" value="deny">Deny the request</button>
</details>`;

export const confirmPage = (question: Question, wrong?: Wrong): Page => ({
  title: titled('Confirm this request?', wrong),
  status: wrong ? 403 : 200,
  body: html`<h1>Confirm this request?</h1>
<p>${question.asked}.</p>
${facts([
  ['Whom', question.masked],
  ['Request', question.requestId],
  ['Received', question.receivedOn],
  ['Answer due', question.dueOn],
  ...(question.until ? ([['Expires', question.until]] as [string, string][]) : []),
])}
<form method="post">
${codeField('confirmation', wrong)}
${wrong?.isDenying ? html`${denyPart(wrong)}${CONFIRM}` : html`${CONFIRM}${denyPart(wrong)}`}
</form>`,
});

/** To a recipient of what the platform hands on. */
export const acknowledgePage = (
  question: Pick<Question, 'requestId' | 'masked' | 'until'>,
  wrong?: Wrong,
): Page => ({
  title: titled('Is this person erased?', wrong),
  status: wrong ? 403 : 200,
  body: html`<h1>Is this person erased?</h1>
<p>The mail that brought you here names the person in full. Answer when nothing of what you received holds them any more.</p>
${facts([
  ['Whom', question.masked],
  ['Request', question.requestId],
  ...(question.until ? ([['Answer by', question.until]] as [string, string][]) : []),
])}
<form method="post">
${codeField('acknowledgement', wrong)}
<button>They are erased</button>
</form>`,
});
const opening = (
  requestId: string,
) => html`<p>The private half of that key opens it, with <code>age</code>:</p>
<p><code class="line">${openingCommand(requestId)}</code></p>`;

export const redeemPage = (
  question: Pick<Question, 'requestId' | 'asked' | 'until' | 'encryptedFor'>,
  wrong?: Wrong,
): Page => ({
  title: titled('Collect the package', wrong),
  status: wrong ? 403 : 200,
  body: html`<h1>Collect the package</h1>
<p>It holds what was asked for. It can be downloaded once; have room for it before you begin.</p>
${facts([
  ['Request', question.requestId],
  ['Asked', question.asked],
  ...(question.until ? ([['Deleted', question.until]] as [string, string][]) : []),
  ...(question.encryptedFor
    ? ([['Encrypted for', question.encryptedFor]] as [string, string][])
    : []),
])}
${question.encryptedFor ? opening(question.requestId) : ''}
<form method="post">
${codeField('collection', wrong)}
<button>Download</button>
</form>`,
});
