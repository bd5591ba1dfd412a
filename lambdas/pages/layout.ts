import { html, raw } from 'hono/html';
import { type Mark, markOf } from './marks.ts';
import { STYLE } from './style.ts';

type Html = ReturnType<typeof html>;

/** What a page says. Everything in it is escaped, whoever wrote it. */
export interface Page {
  title: string;
  status: 200 | 400 | 403 | 404 | 410 | 413 | 423 | 500;
  body: Html;
  /** Where the browser goes by itself, at once. */
  goesTo?: string;
}

export const layout = (
  { title, body, goesTo }: Page,
  platform: string,
): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${goesTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${goesTo}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<header>Data subject requests · ${platform}</header>
<main>${body}</main>
<footer>Never type a code on another page, and never pass one on.</footer>
</body>
</html>`;

/** A page that only tells: a mark, a heading, sentences. */
export const notice = (status: Page['status'], title: string, mark: Mark, body: Html): Page => ({
  title,
  status,
  body: html`${markOf(mark)}<h1>${title}</h1>${body}`,
});

/** Names and what they are, in lines. */
export const facts = (rows: [name: string, value: string | string[]][]): Html =>
  html`<dl>${rows.map(
    ([name, value]) =>
      html`<div><dt>${name}</dt><dd>${
        Array.isArray(value) ? html`<ul>${value.map((line) => html`<li>${line}</li>`)}</ul>` : value
      }</dd></div>`,
  )}</dl>`;
