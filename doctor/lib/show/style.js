// The page's styles for light screens, dark screens and paper. On paper the page is always light, and no element breaks across two sheets.

const LIGHT = `
  --paper: #ffffff; --card: #f6f7f9; --text: #1c2330; --faint: #5b6576; --line: #c9d0da; --bar: #5b7fb5;
  --good: #1f8a55; --problem: #c02b35; --advice: #a86400; --note: #3b6ea8;`;
const DARK = `
  --paper: #14171c; --card: #1d2229; --text: #e4e8ee; --faint: #9aa5b4; --line: #3a424e; --bar: #7f9fd0;
  --good: #4cc38a; --problem: #ff7a80; --advice: #f0b152; --note: #7fb2ea;`;

export const STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
  :root {${DARK}
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 52rem; background: var(--paper); color: var(--text);
  font: 16px/1.5 system-ui, "Segoe UI", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 1rem; font-size: 1.3rem; }
h3 { margin: 0 0 .35rem; font-size: 1.05rem; }
header p, figcaption { margin: .3rem 0 0; color: var(--faint); }
figcaption { font-size: .85rem; }
.finding { margin: 0 0 .9rem; padding: .9rem 1.1rem; background: var(--card); border-left: 5px solid var(--kind); border-radius: 6px; }
.finding p { margin: 0; }
.finding pre { margin: .7rem 0 0; padding: .55rem .8rem; overflow-x: auto; background: var(--paper); border: 1px solid var(--line);
  border-radius: 4px; font: 14px/1.45 ui-monospace, Consolas, monospace; }
.sign { color: var(--kind); font-weight: 700; }
.problem { --kind: var(--problem); } .advice { --kind: var(--advice); }
.good { --kind: var(--good); } .note { --kind: var(--note); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
.facts th { width: 12.5rem; color: var(--faint); }
.facts td { overflow-wrap: anywhere; }
.figures thead th { color: var(--faint); font-size: .85rem; }
.figures td, .figures thead th + th { text-align: right; }
.figures .error { color: var(--problem); text-align: left; }
.situation { margin: 0 0 2.5rem; }
figure { margin: 1.2rem 0 0; }
figure svg { display: block; width: 100%; height: auto; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .finding { border: 1px solid var(--line); border-left: 5px solid var(--kind); }
  .finding, table, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .finding, .sign, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .finding pre { white-space: pre-wrap; }
}
`;
