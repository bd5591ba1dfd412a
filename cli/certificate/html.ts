import { headAlone, html, type Safe } from '../../lambdas/domain/markup.ts';
import { qrCode } from './qr.ts';
import type { Section, Sheet } from './sheet.ts';
import { STYLE } from './style.ts';

/** One page that stands alone: no script, nothing loaded; prints on one sheet of A4. */
export function certificatePage(sheet: Sheet): string {
  const { title, outcome, says, good, facts, sections, verification } = sheet;
  const { size, path } = qrCode(verification.code);
  return html`<!doctype html>
<html lang="en">
${headAlone(`${title} ${facts[0]?.[1] ?? ''}`, STYLE)}
<body>
<main>
<header>
<h1>${title}</h1>
<p class="outcome ${good ? 'good' : 'other'}">${outcome}</p>
</header>
<p>${says}</p>
<dl>
${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
${sections.map(section)}<section class="verify">
<svg viewBox="-4 -4 ${size + 8} ${size + 8}" role="img" aria-label="QR code: ${verification.code}"><path class="paper" d="M-4-4h${size + 8}v${size + 8}h-${size + 8}z"/><path class="ink" d="${path}"/></svg>
<div>
<h2>How to check this page</h2>
<p>This page is a picture of a signed document, and proves nothing by itself. Ask for the evidence of the request, and check it yourself, offline; the code holds the digest below.</p>
<ul>
${verification.words.map((line) => html`<li><code>${line}</code></li>\n`)}</ul>
</div>
</section>
</main>
</body>
</html>
`.text;
}

function section(part: Section): Safe {
  if ('text' in part)
    return html`<section>\n<h2>${part.heading}</h2>\n<p>${part.text}</p>\n</section>\n`;
  const { heading, head, rows, more } = part;
  return html`<section>
<h2>${heading}</h2>
<div class="wide" tabindex="0" role="group" aria-label="${heading}">
<table>
<thead><tr>${head.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(([name = '', ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
</div>
${more ? html`<p class="more">${more}</p>\n` : []}</section>
`;
}
