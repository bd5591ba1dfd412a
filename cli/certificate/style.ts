/** Light and dark on a screen; ink on one sheet of A4. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d0d7de; --good: #0a5c36; --good-paper: #e3f5ea; --other: #7a4100; --other-paper: #fdf0dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9aa4af; --line: #30363d; --good: #7ee2a8; --good-paper: #0f2e1f; --other: #f0b661; --other-paper: #35260f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; border-bottom: 2px solid var(--ink); padding-bottom: .6rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .5rem 0; }
.outcome { margin: 0; padding: .2rem .8rem; border-radius: 1rem; font-weight: 600; border: 1px solid currentColor; }
.good { color: var(--good); background: var(--good-paper); }
.other { color: var(--other); background: var(--other-paper); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 1.5rem; margin: .8rem 0; }
dl div { display: flex; gap: .75rem; padding: .2rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 7.2rem; color: var(--quiet); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
thead th { color: var(--quiet); font-weight: 400; }
.more { color: var(--quiet); margin: .25rem 0 0; }
.verify { display: flex; flex-wrap: wrap; gap: 1rem 1.25rem; align-items: flex-start; margin-top: 1.5rem; border-top: 2px solid var(--ink); padding-top: 1rem; }
.verify svg { flex: 0 0 auto; width: 8.5rem; height: 8.5rem; }
.verify > div { flex: 1 1 22rem; min-width: 0; }
.verify h2 { margin-top: 0; }
.paper { fill: #fff; }
.ink { fill: #000; }
ul { margin: .4rem 0 0; padding: 0; list-style: none; }
code { font: .8rem/1.5 ui-monospace, "Liberation Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@page { size: A4; margin: 12mm 14mm; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --quiet: #444; --line: #bbb; --good: #0a5c36; --good-paper: #fff; --other: #7a4100; --other-paper: #fff; }
  body { font-size: 9pt; line-height: 1.3; }
  main { max-width: none; padding: 0; }
  header { padding-bottom: 4pt; }
  h1 { font-size: 17pt; }
  h2 { font-size: 10pt; margin: 7pt 0 1pt; break-after: avoid; }
  p { margin: 2pt 0; }
  dl { grid-template-columns: 1fr 1fr; margin: 4pt 0; }
  dt { flex-basis: 24mm; }
  dl div, th, td { padding-top: 1pt; padding-bottom: 1pt; }
  .wide { overflow: hidden; }
  tbody th { max-width: 62mm; overflow: hidden; text-overflow: ellipsis; }
  .verify { flex-wrap: nowrap; margin-top: 9pt; padding-top: 7pt; break-inside: avoid; }
  .verify svg { width: 30mm; height: 30mm; }
  code { font-size: 7.5pt; line-height: 1.35; }
}
`;
