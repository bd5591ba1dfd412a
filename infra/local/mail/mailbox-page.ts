import { html } from 'hono/html';
import type { SentMail } from './mailbox.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .6rem 0; }
summary { cursor: pointer; }
small { opacity: .75; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .6rem 0 .2rem 1rem; }
`;

/** Every mail, the newest open and on top. What they say is text, and nothing in it runs. */
export const mailboxPage = (mails: SentMail[]) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Mailbox</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <h1>What the system has sent</h1>
    ${mails.length === 0 ? html`<p>Nothing yet.</p>` : ''}
    ${[...mails].reverse().map(
      ({ number, at, to, subject, text }, place) => html`<details ${place === 0 ? 'open' : ''}>
      <summary><strong>${subject}</strong><br /><small>${number} · to ${to} · ${at}</small></summary>
      <pre>${text}</pre>
    </details>`,
    )}
  </body>
</html>`;
