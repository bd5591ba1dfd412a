/** Markup that was written here; everything else is escaped. */
export interface Safe {
  text: string;
}
type Part = string | number | Safe | Safe[];

/** Only for text of one's own. */
export const safe = (text: string): Safe => ({ text });

/** HTML in which whatever stands in `${…}` is text, unless it is markup itself. */
export function html(markup: TemplateStringsArray, ...parts: Part[]): Safe {
  return safe(
    markup.reduce((before, after, at) => `${before}${written(parts[at - 1] ?? '')}${after}`),
  );
}

/** The head of a page that stands alone: no script, nothing loaded from anywhere. */
export const headAlone = (title: string, style: string, also: Safe = safe('')): Safe =>
  html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${also}<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${safe(style)}</style>
</head>`;

function written(part: Part): string {
  if (Array.isArray(part)) return part.map(({ text }) => text).join('');
  return typeof part === 'object' ? part.text : escaped(String(part));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
