import type { Finding } from '../../contract/index.ts';
import { createPaint } from '../colour.ts';
import { frame } from '../frame.ts';
import type { RenderOptions } from '../options.ts';
import { printableLines } from '../text.ts';
import { escape, escapeLines } from './escape.ts';

const paint = createPaint(false);
const screen = { colour: false, unicode: true, width: 120 };

/** One finding as an article that the filters can hide. */
export function finding(one: Finding, { source, redactor, rules }: RenderOptions): string {
  const { rule: id, step, severity, suppressed, location, message, path, question, related, fix } = one;
  const rule = rules.find((candidate) => candidate.id === id);
  const file = source(location.file);
  const excerpt = file ? frame(file, location, { screen, paint, redactor, before: 2, after: 2 }) : [];
  return [
    `<article class="step-${step} severity-${severity}${suppressed ? ' suppressed' : ''}">`,
    `<h3>${escape(message)}</h3>`,
    `<p><code>${escape(`${location.file}:${location.line}:${location.column}`)}</code> <span class="faint">${severity} · <code>${escape(id)}</code></span></p>`,
    ...(suppressed
      ? [
          `<p class="faint">Suppressed (${suppressed.by}${suppressed.until === undefined ? '' : ` until ${escape(suppressed.until)}`}): ${escape(suppressed.reason)}</p>`,
        ]
      : []),
    ...(path?.length
      ? [`<ol class="path" aria-label="Path">${path.map((node) => `<li>${escape(node)}</li>`).join('')}</ol>`]
      : []),
    ...(excerpt.length > 0 ? [`<pre>${escapeLines(excerpt)}</pre>`] : []),
    ...(question === undefined ? [] : [`<p><b>To answer:</b> ${escape(question)}</p>`]),
    ...(related ?? []).map(
      (other) =>
        `<p class="faint"><code>${escape(`${other.location.file}:${other.location.line}`)}</code> ${escape(other.message)}</p>`,
    ),
    ...(fix === undefined
      ? []
      : [
          `<details><summary>How to close it</summary><pre>${escapeLines(printableLines(fix.trimEnd()))}</pre></details>`,
        ]),
    ...(rule
      ? [
          `<details><summary>What an attacker does with it</summary><p>${escape(rule.attack)}</p><p>${rule.docs.map(({ title, url }) => `<a href="${escape(url)}" rel="noreferrer">${escape(title)}</a>`).join(', ')}</p></details>`,
        ]
      : []),
    '</article>\n',
  ].join('\n');
}
