import { severities } from '../../contract/index.ts';
import { stepIds } from '../../project/index.ts';

/** One rule for each filter: a box that is not ticked hides what it names. No script is needed, so the page allows none. */
const filters = [
  ...stepIds.map((id) => `body:has(#step-${id}:not(:checked)) .step-${id}{display:none}`),
  ...severities.map((id) => `body:has(#severity-${id}:not(:checked)) .severity-${id}{display:none}`),
  'body:has(#suppressed:not(:checked)) .suppressed{display:none}',
].join('\n');

export const style = `
:root{color-scheme:light dark;--ground:#fff;--card:#f6f7f9;--text:#1c2026;--faint:#5b6472;--line:#d9dde3;--open:#b3261e;--half:#8a5a00;--closed:#1a7f37;--unknown:#7a3fb5;--link:#0b57d0}
@media(prefers-color-scheme:dark){:root{--ground:#14171c;--card:#1d2128;--text:#e7eaee;--faint:#a0a8b4;--line:#343a44;--open:#ff8a80;--half:#f5c04a;--closed:#6fdc8c;--unknown:#cfa8ff;--link:#9ec1ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:72rem;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:0}
a{color:var(--link)}code,pre{font:13px/1.45 ui-monospace,monospace}
p{margin:.3rem 0}.faint{color:var(--faint)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--faint);font-weight:600}
.open{color:var(--open);font-weight:600}.half-open{color:var(--half)}.closed{color:var(--closed)}.unknown{color:var(--unknown)}.not-applicable{color:var(--faint)}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0;padding:.4rem .9rem .6rem;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
label{display:inline-flex;gap:.4rem;align-items:center;min-height:2rem;cursor:pointer}
article{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:.5rem;margin:.8rem 0;padding:.8rem 1rem;content-visibility:auto;contain-intrinsic-size:auto 14rem}
article.severity-error{border-left-color:var(--open)}article.severity-warning{border-left-color:var(--half)}article.severity-note{border-left-color:var(--link)}article.suppressed{opacity:.75;border-left-color:var(--line)}
article pre{overflow-x:auto;margin:.5rem 0;padding:.5rem .7rem;background:var(--ground);border:1px solid var(--line);border-radius:.3rem}
.path{display:flex;flex-wrap:wrap;gap:.3rem;list-style:none;padding:0;margin:.5rem 0}
.path li{border:1px solid var(--line);border-radius:.3rem;padding:.05rem .5rem;background:var(--ground)}
.path li+li::before{content:"→";margin:0 .5rem 0 -.1rem;color:var(--faint)}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media print{fieldset{display:none}article{break-inside:avoid;content-visibility:visible}details{display:block}}
${filters}
`;
