import {
  always,
  entries,
  get,
  items,
  type Node,
  type Project,
  textOf,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';

// Which requests a statement can match, where that does not depend on the request. Everything else is `some`.

type Matching = 'all' | 'none' | 'some';

/** Requests a second that an account has in most regions: a rate rule above them never counts that far. */
const accountRate = 10_000;

/** A rule that matches nothing stops nothing, whatever its action is. */
export function matchingOf(project: Project, acl: WebAcl, { statement }: WebAclRule): Matching {
  const { kind, node } = statement;
  if (kind === 'rate' && exceedsAccount(node)) return 'none';
  if (kind === 'other') return matching(project, acl, node);
  const scope = get(node, 'ScopeDownStatement');
  return scope && matching(project, acl, scope) === 'none' ? 'none' : 'some';
}

function exceedsAccount(node: Node | undefined): boolean {
  const limit = Number(textOf(get(node, 'Limit')));
  const window = Number(textOf(get(node, 'EvaluationWindowSec')) ?? 300);
  return limit >= accountRate * window;
}

function matching(project: Project, acl: WebAcl, statement: Node | undefined): Matching {
  const [only] = entries(statement);
  if (!only) return 'some';
  const { key, value } = only;
  const inner = (name: string) => items(get(value, name)).map((part) => matching(project, acl, part));
  switch (key) {
    case 'AndStatement':
      return all(inner('Statements'));
    case 'OrStatement':
      return opposite(all(inner('Statements').map(opposite)));
    case 'NotStatement':
      return opposite(inner('Statement')[0] ?? 'some');
    case 'SizeConstraintStatement':
      return textOf(get(value, 'ComparisonOperator')) === 'GE' && textOf(get(value, 'Size')) === '0' ? 'all' : 'some';
    case 'ByteMatchStatement':
      return isEveryPath(value, 'SearchString', /^\/$/) && textOf(get(value, 'PositionalConstraint')) !== 'EXACTLY'
        ? 'all'
        : 'some';
    case 'RegexMatchStatement':
      return isEveryPath(value, 'RegexString', /^\^?\/?(?:\.[*+])?\$?$/) ? 'all' : 'some';
    case 'IPSetReferenceStatement':
      return isEmpty(project, value, 'Addresses') ? 'none' : 'some';
    case 'RegexPatternSetReferenceStatement':
      return isEmpty(project, value, 'RegularExpressionList') ? 'none' : 'some';
    case 'LabelMatchStatement':
      return mayHaveLabels(acl) ? 'some' : 'none';
    default:
      return 'some';
  }
}

function all(parts: readonly Matching[]): Matching {
  if (parts.includes('none')) return 'none';
  return parts.length > 0 && parts.every((part) => part === 'all') ? 'all' : 'some';
}

function opposite(part: Matching): Matching {
  return part === 'all' ? 'none' : part === 'none' ? 'all' : 'some';
}

/** Every path begins with `/` and so contains one; it ends with one where the constraint says so. */
function isEveryPath(value: Node, key: string, pattern: RegExp): boolean {
  if (get(get(value, 'FieldToMatch'), 'UriPath') === undefined) return false;
  if (textOf(get(value, 'PositionalConstraint')) === 'ENDS_WITH') return false;
  return pattern.test(textOf(get(value, key)) ?? '?');
}

/** True for a set of this project in which nothing is listed; the content of one elsewhere is not known. */
function isEmpty(project: Project, value: Node, key: string): boolean {
  const arn = get(value, 'Arn');
  const list = arn?.kind === 'reference' ? get(project.resources.get(arn.id)?.properties, key) : undefined;
  return list?.kind === 'list' && list.items.length === 0;
}

/** Labels come from `RuleLabels`, rule groups, CAPTCHA and Challenge, and matches of a country or network; without one of them no request has any. */
function mayHaveLabels(acl: WebAcl): boolean {
  const known = labelled.get(acl);
  if (known !== undefined) return known;
  const may = setsLabels(acl);
  labelled.set(acl, may);
  return may;
}

const labelled = new WeakMap<WebAcl, boolean>();

function setsLabels(acl: WebAcl): boolean {
  return acl.rules.some(
    ({ action, statement, labels }) =>
      labels ||
      !['other', 'rate'].includes(statement.kind) ||
      !always(action, (value) => value === 'allow' || value === 'block' || value === 'count') ||
      marks(statement.node),
  );
}

function marks(node: Node | undefined): boolean {
  if (node?.kind === 'list') return node.items.some(marks);
  return entries(node).some(
    ({ key, value }) => key === 'GeoMatchStatement' || key === 'AsnMatchStatement' || marks(value),
  );
}
