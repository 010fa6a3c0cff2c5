import {
  get,
  type ListNode,
  type Node,
  type ScalarNode,
  type Span,
  stringOf,
  textOf,
  type UnknownNode,
  type ValueSource,
} from '../../project/index.ts';
import { perBranch } from './branches.ts';
import { describe } from './build/facts.ts';
import { findInMap } from './mappings.ts';
import { attributeOf, valueOfRef } from './references.ts';
import { absent, choose, isAbsent, type Scope, spend } from './scope.ts';
import { substitute } from './substitute.ts';
import { concatenate } from './text.ts';

type Intrinsic = (argument: Node, span: Span, scope: Scope) => Node;

const undecided = (source: ValueSource, reason: string, span: Span, name?: string): UnknownNode =>
  name === undefined ? { kind: 'unknown', source, reason, span } : { kind: 'unknown', source, reason, span, name };

const malformed = (name: string, span: Span): UnknownNode =>
  undecided('intrinsic', `holds ${name} in a form that CloudFormation does not know`, span);

const table: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, span, scope) => {
    const name = stringOf(argument);
    return name === undefined ? malformed('Ref', span) : valueOfRef(name, span, scope);
  },
  'Fn::GetAtt': (argument, span, scope) => attributeOf(argument, span, scope) ?? malformed('Fn::GetAtt', span),
  'Fn::Sub': (argument, span, scope) => substitute(argument, span, scope) ?? malformed('Fn::Sub', span),
  'Fn::FindInMap': (argument, span, scope) => findInMap(argument, span, scope) ?? malformed('Fn::FindInMap', span),
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': (argument, span, scope) => {
    const [condition, whenTrue, whenFalse] = argument.kind === 'list' ? argument.items : [];
    const name = stringOf(condition);
    if (name === undefined || !whenTrue) return malformed('Fn::If', span);
    return choose(name, whenTrue, whenFalse ?? absent(span), span, scope);
  },
  'Fn::ImportValue': (argument, span, scope) => {
    const name = describe(scope.evaluate(argument));
    return undecided('import', `is imported from another stack (${name})`, span, `import:${name}`);
  },
  // The text itself is looked at, not its encoded form: encoding hides nothing.
  'Fn::Base64': (argument, _span, scope) => scope.evaluate(argument),
  'Fn::ToJsonString': (argument, _span, scope) => scope.evaluate(argument),
  'Fn::Cidr': (_argument, span) => undecided('intrinsic', 'is computed from an address range', span),
  'Fn::GetAZs': (_argument, span) => undecided('aws', 'names the availability zones of the region', span),
  'Fn::Transform': (argument, span) => {
    const name = stringOf(get(argument, 'Name'));
    return undecided('transform', `is filled in by the macro ${name ?? 'that is named there'}`, span);
  },
  'Fn::Length': (argument, span, scope) => {
    return perBranch([scope.evaluate(argument)], span, ([list]) =>
      list?.kind === 'list'
        ? { kind: 'scalar', value: list.items.length, span }
        : undecided('intrinsic', 'is the length of a list that is known when it is deployed', span),
    );
  },
};

/** The value of `{name: argument}`. Functions that are not known become unknown. */
export function intrinsics(name: string, argument: Node, span: Span, scope: Scope): Node {
  const evaluate = Object.hasOwn(table, name) ? table[name] : undefined;
  return evaluate ? evaluate(argument, span, scope) : undecided('intrinsic', `uses ${name}, which is not read`, span);
}

function join(argument: Node, span: Span, scope: Scope): Node {
  const [delimiter, values] = argument.kind === 'list' ? argument.items : [];
  if (!delimiter || !values) return malformed('Fn::Join', span);
  const between: Node = { kind: 'scalar', value: textOf(scope.evaluate(delimiter)) ?? '', span: delimiter.span };
  return perBranch([scope.evaluate(values)], span, ([list]) => {
    if (list?.kind !== 'list') return list ? concatenate([list], span, scope.budget) : malformed('Fn::Join', span);
    return perBranch(list.items, span, (items) => {
      const present = items.filter((item) => !isAbsent(item));
      return concatenate(
        present.flatMap((item, index) => (index === 0 ? [item] : [between, item])),
        span,
        scope.budget,
      );
    });
  });
}

function select(argument: Node, span: Span, scope: Scope): Node {
  const [index, values] = argument.kind === 'list' ? argument.items : [];
  if (!index || !values) return malformed('Fn::Select', span);
  return perBranch([scope.evaluate(index), scope.evaluate(values)], span, ([which, list]) => {
    if (!which || !list) return malformed('Fn::Select', span);
    const position = which.kind === 'scalar' ? Number(textOf(which)) : Number.NaN;
    if (list.kind !== 'list') return piece(list, span);
    const item = list.items[position];
    return item ?? undecided('intrinsic', 'is one of a list that is known when it is deployed', span);
  });
}

/** A part of a value that is known when it is deployed: what it comes from is kept. */
function piece(node: Node, span: Span): Node {
  if (node.kind === 'reference') return { kind: 'text', parts: [node], span };
  if (node.kind === 'text' || node.kind === 'unknown') return node;
  return undecided('intrinsic', 'is one of a list that is known when it is deployed', span);
}

function split(argument: Node, span: Span, scope: Scope): Node {
  const [delimiter, source] = argument.kind === 'list' ? argument.items : [];
  if (!delimiter || !source) return malformed('Fn::Split', span);
  const by = textOf(scope.evaluate(delimiter));
  if (by === undefined || by === '') return malformed('Fn::Split', span);
  return perBranch([scope.evaluate(source)], span, ([text]) =>
    text ? splitDecided(text, by, span, scope) : absent(span),
  );
}

function splitDecided(node: Node, by: string, span: Span, scope: Scope): Node {
  const scalar = (value: string): ScalarNode =>
    node.from
      ? { kind: 'scalar', value, span: node.span, from: node.from }
      : { kind: 'scalar', value, span: node.span };
  const whole = textOf(node);
  if (!spend(scope.budget, whole?.length ?? 1)) return undecided('intrinsic', 'is split too often', span);
  if (whole !== undefined) return { kind: 'list', items: whole.split(by).map(scalar), span };
  if (node.kind !== 'text') return node;
  const groups: Node[][] = [[]];
  for (const part of node.parts) {
    const pieces: readonly Node[] = typeof part === 'string' ? part.split(by).map(scalar) : [part];
    pieces.forEach((value, index) => {
      if (index > 0) groups.push([]);
      groups[groups.length - 1]?.push(value);
    });
  }
  const list: ListNode = { kind: 'list', items: groups.map((group) => concatenate(group, span, scope.budget)), span };
  return list;
}
