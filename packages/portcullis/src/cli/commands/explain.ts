import type { Severity, Snippet } from '../../contract/index.ts';
import { changeInfos } from '../../exposure/index.ts';
import { InputError, nearest } from '../../project/index.ts';
import { createPaint, hang, printableLines } from '../../report/index.ts';
import { allRules } from '../../steps/index.ts';
import type { Io } from '../io.ts';
import { invalid, type Parsed } from '../options.ts';
import { screenOf } from '../screen.ts';

/** What `--since` and `--compiled` report is explained too, though no rule makes it. */
const known = [...allRules, ...changeInfos];

const formatTitles = { serverless: 'in serverless.yml', cloudformation: 'in CloudFormation', sam: 'in SAM' } as const;

const severityText: Readonly<Record<Severity, string>> = {
  error: 'error: the gate is open',
  warning: 'warning: weak, or a person has to answer a question',
  note: 'note: worth knowing, changes no gate',
};

/** `portcullis explain RULE`. The last part of a rule's id is enough where it is unambiguous. */
export function explain({ positionals }: Parsed, io: Io): number {
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    throw invalid(
      name === undefined ? 'no rule is named' : `${positionals.length} rules are named`,
      'portcullis explain RULE',
      'portcullis rules lists all of them.',
    );
  const rule = findRule(name);
  const screen = screenOf(io.stdout, io);
  const paint = createPaint(screen.colour);
  const width = Math.max(40, Math.min(100, screen.width));
  const lines = [
    `${paint.cyan(rule.id)}`,
    ...hang('', rule.title, width).map(paint.bold),
    paint.dim(severityText[rule.severity]),
    '',
    paint.red('What an attacker does with it'),
    ...hang('  ', rule.attack, width),
  ];
  const isChange = rule.id.startsWith('exposure/');
  for (const [format, fix] of (isChange ? [] : Object.entries(rule.fix)) as [keyof typeof formatTitles, Snippet][]) {
    lines.push('', paint.green(`How to close it ${formatTitles[format]}`));
    if (typeof fix === 'string')
      lines.push(...printableLines(fix.trimEnd()).map((line) => (line === '' ? '' : `  ${line}`)));
    else lines.push(...hang('  ', `Does not apply: ${fix.notApplicable}`, width));
  }
  const { fsbp, owasp, cwe } = rule.mappings;
  const mappings = [
    ['AWS Foundational Security Best Practices', fsbp],
    ['OWASP API Security Top 10', owasp],
    ['CWE', cwe],
  ] as const;
  lines.push('', paint.bold('Documentation'));
  for (const { title, url } of rule.docs) lines.push(`  ${title}`, `    ${paint.dim(url)}`);
  if (mappings.some(([, ids]) => ids.length > 0)) lines.push('', paint.bold('Mapped to'));
  for (const [title, ids] of mappings) if (ids.length > 0) lines.push(`  ${title}: ${ids.join(', ')}`);
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function findRule(name: string) {
  const exact = known.find((rule) => rule.id === name);
  if (exact) return exact;
  const short = known.filter((rule) => rule.id.endsWith(`/${name}`));
  if (short.length === 1 && short[0]) return short[0];
  const close = nearest(
    name,
    known.map((rule) => rule.id),
  );
  throw new InputError({
    code: 'RULE_UNKNOWN',
    found: `there is no rule ${name}`,
    next:
      close.length > 0
        ? `Did you mean ${close.join(' or ')}? portcullis rules lists all of them.`
        : 'portcullis rules lists all of them.',
  });
}
