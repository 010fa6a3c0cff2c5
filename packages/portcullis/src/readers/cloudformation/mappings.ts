import { entries, get, type Node, type Provenance, type Span, textOf } from '../../project/index.ts';
import { perBranch } from './branches.ts';
import { describe } from './build/facts.ts';
import type { Scope } from './scope.ts';
import { withOrigin } from './text.ts';

/** A mapping with more rows than this is not looked through row by row. */
const maximumRows = 16;

/**
 * `Fn::FindInMap`: the value when both keys are decided. When a key is not, every value that the mapping offers there is a branch.
 * Undefined when it is not written as CloudFormation expects.
 */
export function findInMap(argument: Node, span: Span, scope: Scope): Node | undefined {
  if (argument.kind !== 'list' || argument.items.length < 3) return undefined;
  const [name, top, second, options] = argument.items;
  if (!name || !top || !second) return undefined;
  const keys = [name, top, second].map((key) => scope.evaluate(key));
  const fallback = get(options, 'DefaultValue');
  return perBranch(keys, span, ([map, row, column]) => {
    if (!map || !row || !column) return unknownRow(span);
    const found = lookUp(scope.template.mappings, map, row, column);
    const from: Provenance[] = [
      { source: 'mapping', address: [map, row, column].map(describe).join('.'), span },
      ...[map, row, column].flatMap((key) => key.from ?? []),
    ];
    if (found.length === 0) return fallback ? scope.evaluate(fallback) : unknownRow(span);
    // A key that is not decided may also be none of those in the mapping.
    const open = [map, row, column].some((key) => textOf(key) === undefined) ? fallback : undefined;
    const [first] = found;
    if (first && !open && found.every((value) => sameScalar(value, first)))
      return withOrigin(scope.evaluate(first), from);
    if (found.length > maximumRows) return unknownRow(span);
    const condition = `Fn::FindInMap ${[map, row].map(describe).join('.')}`;
    const branches = found.map((value) => withOrigin(scope.evaluate(value), from));
    return {
      kind: 'either',
      condition,
      branches: open ? [...branches, scope.evaluate(open)] : branches,
      span,
    };
  });
}

const unknownRow = (span: Span): Node => ({
  kind: 'unknown',
  source: 'mapping',
  reason: 'is looked up in a mapping when it is deployed',
  span,
});

function lookUp(mappings: Node | undefined, map: Node, row: Node, column: Node): readonly Node[] {
  const name = textOf(map);
  const mapping = name === undefined ? undefined : get(mappings, name);
  return below(mapping, row).flatMap((level) => below(level, column));
}

function below(level: Node | undefined, key: Node): readonly Node[] {
  const name = textOf(key);
  if (name === undefined) return entries(level).map((entry) => entry.value);
  const value = get(level, name);
  return value ? [value] : [];
}

function sameScalar(left: Node, right: Node): boolean {
  return left === right || (left.kind === 'scalar' && right.kind === 'scalar' && left.value === right.value);
}
