import { entries, entry, type MapNode, type Node, type Span } from '../../project/index.ts';
import { makeMap, type Plain } from '../serverless/lower/nodes.ts';
import { account } from './context.ts';
import { policyTemplateTable } from './policy-template-table.ts';

interface TemplateStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: readonly [operator: string, key: string, value: string] | undefined;
}

let table: ReadonlyMap<string, readonly TemplateStatement[]> | undefined;

export function isPolicyTemplate(name: string): boolean {
  return templates().has(name);
}

/** The policy document that a policy template stands for; undefined when AWS SAM has none of that name. */
export function policyOf(name: string, parameters: Node, span: Span): MapNode | undefined {
  const statements = templates().get(name);
  if (!statements) return undefined;
  return makeMap(span, {
    Statement: statements.map(({ actions, resources, condition }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map((resource) => filled(resource, parameters)),
      Condition: condition && { [condition[0]]: { [condition[1]]: filled(condition[2], parameters) } },
    })),
  });
}

interface Pattern {
  /** For `Fn::Sub`. */
  readonly text: string;
  readonly names: readonly string[];
}

/** Of the table's patterns, which are few; every function of an application names some of them. */
const patterns = new Map<string, Pattern>();

function patternOf(pattern: string): Pattern {
  const known = patterns.get(pattern);
  if (known) return known;
  const text = pattern.replace(/^~/, 'arn:${AWS::Partition}:').replace('@', `:${account}:`);
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].flatMap((match) => match[1] ?? []);
  const read = { text: names.length === 0 ? text : text.replace(/(^|[^$])\{(\w+)\}/g, '$1$${$2}'), names };
  patterns.set(pattern, read);
  return read;
}

/** The pattern with the parameters that it names; one that is not given stays undecided. */
function filled(pattern: string, parameters: Node): Plain {
  if (pattern === '*') return pattern;
  const { text, names } = patternOf(pattern);
  if (names.length === 0) return { 'Fn::Sub': text };
  const values = names.map((name): [string, Node] => [
    name,
    entry(parameters, name)?.value ?? {
      kind: 'unknown',
      source: 'other',
      reason: `is the parameter ${name}, which is not given`,
      span: parameters.span,
    },
  ]);
  const [only] = values;
  if (pattern === `{${names[0]}}` && only) return only[1];
  return { 'Fn::Sub': [text, Object.fromEntries(values)] };
}

/** Parameters that are not known to the template are no policy template's. */
export function templateEntry(policy: Node): { name: string; span: Span; parameters: Node } | undefined {
  const [only, ...others] = entries(policy);
  return only && others.length === 0 ? { name: only.key, span: only.keySpan, parameters: only.value } : undefined;
}

function templates(): ReadonlyMap<string, readonly TemplateStatement[]> {
  table ??= parse(policyTemplateTable);
  return table;
}

function parse(text: string): ReadonlyMap<string, readonly TemplateStatement[]> {
  const found = new Map<string, TemplateStatement[]>();
  let statements: TemplateStatement[] = [];
  const change = (part: (last: TemplateStatement) => Partial<TemplateStatement>) => {
    const last = statements.pop();
    if (last) statements.push({ ...last, ...part(last) });
  };
  let service = '';
  const inService = (words: readonly string[]) => words.map((word) => `${service}:${word}`);
  for (const line of text.split('\n')) {
    const words = line.trim().split(' ');
    const [first = '', ...rest] = words;
    if (!line.startsWith(' ')) {
      statements = [];
      found.set(line, statements);
    } else if (first === 'on') change(() => ({ resources: rest }));
    else if (first === 'if') change(() => ({ condition: [rest[0] ?? '', rest[1] ?? '', rest[2] ?? ''] }));
    else if (first.endsWith(':')) {
      service = first.slice(0, -1);
      statements.push({ actions: inService(rest), resources: [], condition: undefined });
    } else change((last) => ({ actions: [...last.actions, ...inService(words)] }));
  }
  return found;
}
