import { createHash } from 'node:crypto';

/** The whole look of the pages: no font, picture or script comes from anywhere. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f4f3ef;--card:#fff;--ink:#1c1f24;--soft:#545b66;--line:#d9d6cd;--field:#fff;--edge:#767b84;--act:#1d4f91;--on-act:#fff;--no:#a32a1e;--bad:#fdecea;--good:#1c6b3c;--ring:#1d4f91}
@media (prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1d2128;--ink:#eceef2;--soft:#aab2be;--line:#343b46;--field:#14171c;--edge:#8b94a1;--act:#8fbcff;--on-act:#0d1a2d;--no:#ffaaa0;--bad:#3a2120;--good:#8ed9a8;--ring:#8fbcff}}
*{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);min-height:100vh;display:flex;flex-direction:column;padding:2rem 1rem}
header,main,footer{width:100%;max-width:36rem;margin-inline:auto}
header{color:var(--soft);font-size:.875rem;letter-spacing:.02em;margin-bottom:.75rem}
main{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.75rem 2rem 2rem}
footer{color:var(--soft);font-size:.875rem;margin-top:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem;text-wrap:balance}
p{margin:0 0 1rem}
main>:last-child,form>:last-child,details>:last-child{margin-bottom:0}
dl{margin:0 0 1.5rem;border-top:1px solid var(--line)}
dl div{display:grid;grid-template-columns:8.5rem 1fr;gap:.25rem 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
ul{margin:0;padding:0;list-style:none}
label{display:block;font-weight:600;margin-bottom:.25rem}
.hint{color:var(--soft);font-size:.9375rem;margin:0 0 .5rem}
input,textarea{width:100%;font:inherit;color:inherit;background:var(--field);border:1px solid var(--edge);border-radius:.5rem;padding:.625rem .75rem;margin-bottom:1rem}
input{font:600 1.5rem/1.3 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:.12em;text-transform:uppercase}
input[aria-invalid]{border-color:var(--no);border-width:2px}
textarea{min-height:5rem;resize:vertical}
button,.button{display:inline-block;font:inherit;font-weight:600;cursor:pointer;border-radius:.5rem;padding:.6875rem 1.25rem;border:1px solid transparent;text-decoration:none;background:var(--act);color:var(--on-act);margin-bottom:1.25rem}
button.no{background:transparent;border-color:var(--no);color:var(--no)}
a.button{margin-bottom:0}
.line{display:block;background:var(--paper);border:1px solid var(--line);border-radius:.375rem;padding:.5rem .75rem}
details{border-top:1px solid var(--line);padding-top:1rem}
details+button{margin-top:1.25rem}
summary{cursor:pointer;color:var(--act);font-weight:600;padding:.25rem 0}
details[open] summary{margin-bottom:.75rem}
.wrong{background:var(--bad);border-left:.25rem solid var(--no);border-radius:.25rem;padding:.75rem 1rem}
.mark{display:block;margin:0 0 .75rem -.25rem;color:var(--soft)}
.mark.good{color:var(--good)}
.mark.no{color:var(--no)}
code{font:.9375em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--ring);outline-offset:2px}
@media (max-width:30rem){body{padding:1rem .75rem}main{padding:1.25rem 1.125rem 1.5rem}dl div{grid-template-columns:1fr;gap:0}button,.button{width:100%;text-align:center}}
`;

/** The one style that the policy lets in. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
