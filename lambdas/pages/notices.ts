import { html } from 'hono/html';
import type { CodePurpose } from '../domain/code.ts';
import { notice, type Page } from './layout.ts';

export const confirmedPage = (requestId: string): Page =>
  notice(
    200,
    'Confirmed',
    'done',
    html`<p>The request <code>${requestId}</code> is being carried out. You will hear of it by mail; nothing more is to be done here.</p>`,
  );

export const deniedPage = (requestId: string): Page =>
  notice(
    200,
    'Denied',
    'denied',
    html`<p>The request <code>${requestId}</code> is closed without being carried out. Whoever asked has a right to hear of it, and why.</p>`,
  );

export const acknowledgedPage = (requestId: string): Page =>
  notice(
    200,
    'Acknowledged',
    'done',
    html`<p>It is recorded that you have erased the person of the request <code>${requestId}</code>. Delete the mail that named the person; nothing more is to be done here.</p>`,
  );

export const downloadPage = (requestId: string, url: string): Page => ({
  ...notice(
    200,
    'The download begins',
    'down',
    html`<p>If it does not, use this button. It works for a minute, and takes up a download that was cut off.</p>
<p><a class="button" href="${url}">Download the package</a></p>
<p>If it fails later than that, ask for another code within a day:</p>
<p><code class="line">dsr reissue ${requestId}</code></p>`,
  ),
  goesTo: url,
});

const EXPIRED: Record<CodePurpose, string> = {
  confirmation:
    'Nobody answered in time, so nothing was handed over. If it is still wanted, ask for it again.',
  collection:
    'Nobody answered in time, so nothing was handed over. The package is deleted. If it is still wanted, ask for it again.',
  acknowledgement:
    'The erasure was certified without your answer. Please erase the person all the same; nothing more is to be done here.',
};

export const expiredPage = (purpose: CodePurpose): Page =>
  notice(410, 'This has expired', 'late', html`<p>${EXPIRED[purpose]}</p>`);

export const lockedPage = (requestId: string): Page =>
  notice(
    423,
    'This code is locked',
    'locked',
    html`<p>Five wrong codes were typed. Nothing was handed over, and no answer was taken.</p>
<p>A new code comes with the next reminder. The operator can send one now:</p>
<p><code class="line">dsr reissue ${requestId}</code></p>
<p>If it was not you who typed them, tell the operator.</p>`,
  );

const DONE: Record<string, string> = {
  acknowledged: 'The erasure was acknowledged.',
  held: 'The request is on hold: leave everything as it is. If it goes on, a new mail comes.',
  confirmed: 'The request was confirmed.',
  denied: 'The request was denied.',
  collected:
    'The package was collected. If the download was cut off, another code can be asked for within a day.',
};

/** @param option what it was answered with */
export const donePage = (option: string | undefined): Page =>
  notice(
    410,
    'Already done',
    'done',
    html`<p>${DONE[option ?? ''] ?? 'The request has been closed meanwhile.'} A code works once, and nothing more is to be done here.</p>`,
  );

export const unknownPage = (): Page =>
  notice(
    404,
    'There is nothing here',
    'unknown',
    html`<p>Open the address as it stands in the mail, to its last character: some mail programs cut it off.</p>`,
  );

export const tooLargePage = (): Page =>
  notice(
    413,
    'That is too much',
    'wrong',
    html`<p>Go back, and shorten the reason to 2,000 characters.</p>`,
  );

/** @param faultId by which the operator finds what happened */
export const faultPage = (faultId: string): Page =>
  notice(
    500,
    'Something went wrong',
    'wrong',
    html`<p>This is not your fault. Try again in a minute; what has been recorded once is not done twice.</p>
<p>If it stays so, tell the operator this number: <code>${faultId}</code></p>`,
  );
