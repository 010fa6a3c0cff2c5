import type { Severity } from '../../contract/index.ts';
import { count, createPaint, pad } from '../../report/index.ts';
import { allRules, steps } from '../../steps/index.ts';
import type { Io } from '../io.ts';
import { choice, invalid, type Parsed } from '../options.ts';
import { screenOf } from '../screen.ts';

/** `portcullis rules`: all rules by step, as a table or as JSON. */
export function rules({ positionals, values }: Parsed, io: Io): number {
  const [unexpected] = positionals;
  if (unexpected !== undefined)
    throw invalid(
      `rules takes no argument, found ${unexpected}`,
      undefined,
      `Did you mean portcullis explain ${unexpected}?`,
    );
  const format = choice('--format', values.get('format')?.at(-1) ?? 'pretty', ['pretty', 'json'] as const);
  io.stdout.write(format === 'json' ? asJson() : asTable(io));
  return 0;
}

function asJson(): string {
  const list = allRules.map(({ id, step, severity, title, attack, fix, docs, mappings }) => ({
    id,
    step,
    severity,
    title,
    attack,
    fix,
    docs,
    mappings,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

function asTable(io: Io): string {
  const { colour } = screenOf(io.stdout, io);
  const paint = createPaint(colour);
  const ink: Readonly<Record<Severity, (text: string) => string>> = {
    error: paint.red,
    warning: paint.yellow,
    note: paint.blue,
  };
  const width = Math.max(0, ...allRules.map((rule) => rule.id.length));
  const blocks = steps.map((step) =>
    [
      `${paint.bold(step.title)}  ${paint.dim(step.question)}`,
      ...step.rules.map(
        (rule) => `  ${ink[rule.severity](pad(rule.severity, 7))}  ${paint.cyan(pad(rule.id, width))}  ${rule.title}`,
      ),
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n\n${count(allRules.length, 'rule')}; portcullis explain RULE says more.\n`;
}
