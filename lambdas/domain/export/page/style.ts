/** Light and dark; a table becomes a list of cards where the screen is narrow. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --raised: #f6f8fa; --quiet: #57606a; --line: #d0d7de; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --raised: #161b22; --quiet: #9aa4af; --line: #30363d; --link: #79b8ff; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { margin: .5rem 0; max-width: 42rem; }
a { color: var(--link); }
.lead { font-size: 1.1rem; }
.quiet, .none { color: var(--quiet); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2rem; background: var(--raised); border: 1px solid var(--line); border-radius: .6rem; padding: .2rem 1.25rem 1.1rem; margin-top: 1rem; }
.facts ul { margin: .2rem 0 0; padding-left: 1.1rem; }
.facts p { margin: .2rem 0 0; }
nav ul { list-style: none; margin: .5rem 0; padding: 0; columns: 17rem; }
nav li { padding: .15rem 0; break-inside: avoid; }
.differs { border-left: 3px solid var(--line); padding-left: .9rem; margin: .7rem 0; }
.differs p { margin: .15rem 0; }
.wide { overflow-x: auto; margin-top: .7rem; border: 1px solid var(--line); border-radius: .6rem; }
table { width: 100%; border-collapse: collapse; font-size: .94rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
thead th { background: var(--raised); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 6rem; max-width: 24rem; white-space: pre-line; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { text-align: right; }
td ul { margin: 0; padding-left: 1rem; }
dl.inner ul { list-style: none; padding: 0; }
dl.one { display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; margin: .7rem 0 0; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
dl.one > div { display: contents; }
dl.one > div > dt, dl.one > div > dd { padding: .45rem .8rem; border-bottom: 1px solid var(--line); margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
dl.one > div:last-child > * { border-bottom: 0; }
dl.one > div > dt { background: var(--raised); font-weight: 600; }
dl.one ul { margin: 0; padding-left: 1rem; }
dl.inner { margin: 0; }
dl.inner div { display: flex; gap: .5rem; }
dl.inner dt { color: var(--quiet); flex: 0 0 auto; }
dl.inner dd { margin: 0; min-width: 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .94rem; }
code { font: .9em ui-monospace, "Liberation Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  main { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.6rem; }
  .wide { overflow: visible; border: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; width: 100%; }
  tr { border: 1px solid var(--line); border-radius: .6rem; margin-bottom: .7rem; padding: .3rem .8rem; }
  td, td.number { display: flex; gap: 1rem; justify-content: space-between; text-align: right; max-width: none; padding: .3rem 0; white-space: normal; }
  tr td:last-child { border-bottom: 0; }
  td::before { content: attr(data-name); color: var(--quiet); text-align: left; flex: 0 0 40%; }
  td ul { list-style: none; padding: 0; }
  dl.one { grid-template-columns: 1fr; }
  dl.one > div > dt { border-bottom: 0; padding-bottom: 0; background: none; color: var(--quiet); font-weight: 400; }
  dl.one > div > dd { padding-top: 0; }
}
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --raised: #fff; --quiet: #444; --line: #bbb; --link: #000; } body { font-size: 9pt; } .wide { overflow: visible; } nav { display: none; } tr { break-inside: avoid; } }
`;
