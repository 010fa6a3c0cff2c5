import {
  type Api,
  items,
  type Known,
  type Node,
  outcomes,
  type PolicyCondition,
  type PolicyStatement,
  type Route,
  sometimes,
  type Unknown,
} from '../../project/index.ts';

/**
 * What a REST API's resource policy says to a caller without credentials. Source: API Gateway Developer Guide, "How API Gateway
 * resource policies affect authorization workflow": with authorization NONE and a policy, the policy alone decides.
 */
export type PolicyVerdict =
  | { readonly kind: 'absent' }
  /** Everyone on the internet may call. */
  | { readonly kind: 'everyone'; readonly statement: PolicyStatement }
  /** Only callers from certain addresses, VPC endpoints, accounts or organizations. */
  | { readonly kind: 'narrowed'; readonly by: string }
  | { readonly kind: 'undecided'; readonly reason: string };

/** The verdict for one route, or for the API as a whole without one. */
export function policyVerdict(api: Api, route?: Route): PolicyVerdict {
  const policies = outcomes(api.resourcePolicy);
  const undecided = policies.find((policy) => policy.kind === 'unknown');
  if (undecided?.kind === 'unknown') return { kind: 'undecided', reason: undecided.reason };
  const verdicts = policies.map((policy) => judge(policy.kind === 'known' ? policy.value : [], route));
  const order = ['everyone', 'absent', 'undecided', 'narrowed'] as const;
  for (const kind of order) {
    const verdict = verdicts.find((candidate) => candidate.kind === kind);
    if (verdict) return verdict;
  }
  return { kind: 'absent' };
}

function judge(statements: readonly PolicyStatement[], route: Route | undefined): PolicyVerdict {
  if (statements.length === 0) return { kind: 'absent' };
  const relevant = statements.filter((statement) => !route || concerns(statement, route));
  const denies = relevant.filter((statement) => sometimes(statement.effect, (effect) => effect === 'Deny'));
  const allows = relevant.filter((statement) => sometimes(statement.effect, (effect) => effect === 'Allow'));
  const refused = denies.find((statement) => everyone(statement) && statement.conditions.length === 0);
  if (refused) return { kind: 'narrowed', by: 'a statement that denies every caller' };
  const fence = denies.flatMap((statement) =>
    statement.conditions.filter((condition) => narrows(condition, 'Deny')),
  )[0];
  if (fence) return { kind: 'narrowed', by: fence.key };
  const exempting = denies.find((statement) => statement.notPrincipals !== undefined);
  if (exempting) return { kind: 'narrowed', by: 'principal' };
  const open = allows.find(
    (statement) => everyone(statement) && !statement.conditions.some((condition) => narrows(condition, 'Allow')),
  );
  if (open) return { kind: 'everyone', statement: open };
  const unsure = relevant.find((statement) => undecidedStatement(statement));
  if (unsure) return { kind: 'undecided', reason: 'is only decided when it is deployed' };
  const by = allows.flatMap((statement) => statement.conditions.filter((condition) => narrows(condition, 'Allow')))[0];
  return { kind: 'narrowed', by: by?.key ?? 'principal' };
}

function undecidedStatement(statement: PolicyStatement): boolean {
  return (
    outcomes(statement.effect).some((effect) => effect.kind === 'unknown') ||
    (statement.principals ?? []).some((principal) => outcomes(principal).some((outcome) => outcome.kind === 'unknown'))
  );
}

/** `Principal: '*'`, `Principal: {AWS: '*'}`, or an Allow for everybody except a few. */
function everyone(statement: PolicyStatement): boolean {
  if (statement.notPrincipals !== undefined) return sometimes(statement.effect, (effect) => effect === 'Allow');
  return (statement.principals ?? []).some((principal) => sometimes(principal, (name) => name === '*'));
}

/** Facts about where a call comes from or who makes it, which the caller cannot choose. */
const trustworthyKeys: ReadonlySet<string> = new Set([
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:vpceaccount',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcearn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principaltype',
  'aws:userid',
  'aws:username',
]);

/** Values that let everybody through. */
const everything: ReadonlySet<string> = new Set(['*', '0.0.0.0/0', '::/0', 'arn:aws:*']);

/**
 * True when the condition keeps callers out: an Allow for listed values, or a Deny for all but listed values. A `...IfExists` Allow
 * is met by callers for whom the key does not exist, so it narrows only by keys that every request has (the source address).
 */
function narrows(condition: PolicyCondition, effect: 'Allow' | 'Deny'): boolean {
  const key = condition.key.toLowerCase();
  if (!trustworthyKeys.has(key)) return false;
  const operator = condition.operator.replace(/^For(?:AllValues|AnyValue):/i, '').toLowerCase();
  const optional = operator.endsWith('ifexists');
  const negative = operator.includes('not');
  if (operator.startsWith('null')) return false;
  if (negative !== (effect === 'Deny')) return false;
  if (effect === 'Allow' && optional && key !== 'aws:sourceip') return false;
  return !condition.values
    .flatMap(items)
    .some((value) => value.kind === 'scalar' && everything.has(String(value.value)));
}

/** False only when the statement's resources certainly leave the route out. */
function concerns(statement: PolicyStatement, route: Route): boolean {
  const actions = statement.actions;
  if (actions.length > 0 && !actions.some((action) => outcomes(action).some(mayInvoke))) return false;
  if (statement.notResources.length > 0 || statement.resources.length === 0) return true;
  return statement.resources.flatMap(items).some((resource) => matches(resource, route));
}

function mayInvoke(action: Known<string> | Unknown): boolean {
  if (action.kind === 'unknown') return true;
  return ['*', 'execute-api:*', 'execute-api:invoke'].includes(action.value.toLowerCase());
}

/** `execute-api:/STAGE/METHOD/PATH` or the whole ARN; undecided pieces match everything. */
function matches(resource: Node, route: Route): boolean {
  const text = patternText(resource);
  const slash = text.indexOf('/');
  if (slash === -1) return true;
  const [, method, ...path] = text.slice(slash + 1).split('/');
  if (method === undefined) return true;
  if (!method.includes('*') && route.method !== 'ANY' && method.toUpperCase() !== route.method) return false;
  if (path.length === 0) return true;
  return pathMatches(path, route.path.split('/').slice(1));
}

/** Segment by segment; `*` in a pattern may stand for any text with slashes, so everything after one matches. */
function pathMatches(pattern: readonly string[], path: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    const own = path[index];
    if (own === undefined) return false;
    if (part.includes('*')) return own.startsWith(part.slice(0, part.indexOf('*'))) || isVariable(own);
    if (isVariable(own)) {
      if (own.endsWith('+}')) return true;
      continue;
    }
    if (part !== own) return false;
  }
  return pattern.length === path.length;
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{');
}

function patternText(node: Node): string {
  if (node.kind === 'scalar') return String(node.value);
  if (node.kind === 'text') return node.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
  return '*';
}
