import {
  type Api,
  always,
  isMostOfTheInternet,
  items,
  type Known,
  type Node,
  outcomes,
  type PolicyCondition,
  type PolicyStatement,
  type Route,
  sometimes,
  textOf,
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
  // A Deny for named callers stops no stranger: left out before paths are compared, of which there may be thousands.
  const relevant = statements.filter((statement) => mayMatter(statement) && (!route || concerns(statement, route)));
  const fences = relevant.flatMap((statement) => fenceOf(statement, route) ?? []);
  const fence = fences.find(({ certain }) => certain);
  if (fence) return { kind: 'narrowed', by: fence.by };
  const allows = relevant.filter((statement) => sometimes(statement.effect, (effect) => effect === 'Allow'));
  const open = allows.find(
    (statement) => everyone(statement) && !statement.conditions.some((condition) => narrows(condition, 'Allow')),
  );
  if (open && fences.length > 0) return { kind: 'undecided', reason: 'denies callers only in some cases' };
  if (open) return { kind: 'everyone', statement: open };
  const unsure = relevant.find((statement) => undecidedStatement(statement));
  if (unsure) return { kind: 'undecided', reason: 'is only decided when it is deployed' };
  const by = allows.flatMap((statement) => statement.conditions.filter((condition) => narrows(condition, 'Allow')))[0];
  return { kind: 'narrowed', by: by?.key ?? 'principal' };
}

function mayMatter(statement: PolicyStatement): boolean {
  if (!always(statement.effect, (effect) => effect === 'Deny')) return true;
  return statement.notPrincipals !== undefined || namesEveryone(statement) || undecidedStatement(statement);
}

interface Fence {
  /** What the callers are told apart by. */
  readonly by: string;
  /** False when the Deny is there only under a deployment condition, or is about a part of the route or of what a route may be. */
  readonly certain: boolean;
}

/**
 * A Deny for all callers but some. All of its conditions have to hold for it to deny, so each of them has to be one that strangers meet:
 * a Deny for foreign addresses over plain HTTP stops nobody who comes over TLS.
 */
function fenceOf(statement: PolicyStatement, route: Route | undefined): Fence | undefined {
  if (!sometimes(statement.effect, (effect) => effect === 'Deny')) return undefined;
  const exempting = statement.notPrincipals?.every((principal) => always(principal, (name) => name !== '*')) ?? false;
  if (!exempting && !namesEveryone(statement)) return undefined;
  if (!statement.conditions.every((condition) => narrows(condition, 'Deny'))) return undefined;
  const [condition] = statement.conditions;
  const by = condition?.key ?? (exempting ? 'principal' : 'a statement that denies every caller');
  const certain = always(statement.effect, (effect) => effect === 'Deny') && (!route || covers(statement, route));
  return { by, certain };
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
  return namesEveryone(statement);
}

function namesEveryone({ principals }: PolicyStatement): boolean {
  return (principals ?? []).some((principal) => sometimes(principal, (name) => name === '*'));
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

/** Keys that every request has. */
const addressKeys: ReadonlySet<string> = new Set(['aws:sourceip', 'aws:vpcsourceip']);

/** Values that let everybody through. */
const everything: ReadonlySet<string> = new Set(['*', 'arn:aws:*']);

/**
 * True when the condition keeps callers out: an Allow for listed values, or a Deny for all but listed values. An Allow with `...IfExists`
 * or `ForAllValues:` is met by callers for whom the key does not exist, and a Deny with `ForAnyValue:` is not, so they narrow only by
 * keys that every request has (IAM User Guide, "Condition operators", "Set operators for multivalued context keys").
 */
function narrows(condition: PolicyCondition, effect: 'Allow' | 'Deny'): boolean {
  const key = condition.key.toLowerCase();
  if (!trustworthyKeys.has(key)) return false;
  const written = condition.operator.toLowerCase();
  const operator = written.replace(/^for(?:allvalues|anyvalue):/, '');
  if (operator.startsWith('null')) return false;
  if (operator.includes('not') !== (effect === 'Deny')) return false;
  const passesWithoutKey =
    effect === 'Allow'
      ? operator.endsWith('ifexists') || written.startsWith('forallvalues:')
      : written.startsWith('foranyvalue:');
  if (passesWithoutKey && key !== 'aws:sourceip') return false;
  const values = condition.values.flatMap(items).flatMap((value) => textOf(value) ?? []);
  return !values.some((value) => everything.has(value)) && !(addressKeys.has(key) && isMostOfTheInternet(values));
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
  return isInvoke(action.value);
}

function isInvoke(action: string): boolean {
  return ['*', 'execute-api:*', 'execute-api:invoke'].includes(action.toLowerCase());
}

/** True when the statement is about every request to the route, so that a Deny leaves no way round it. */
function covers(statement: PolicyStatement, route: Route): boolean {
  if (!statement.actions.some((action) => always(action, (name) => isInvoke(name)))) return false;
  return statement.resources.flatMap(items).some((resource) => {
    if (resource.kind !== 'scalar' && resource.kind !== 'text') return false;
    const pattern = partsOf(patternText(resource));
    if (!pattern || pattern.length < 2) return true;
    const [, method = '*', ...path] = pattern;
    if (method !== '*' && method.toUpperCase() !== route.method) return false;
    const own = route.path.split('/').slice(1);
    for (const [index, part] of path.entries()) {
      if (part === '*' && index === path.length - 1) return true;
      if (part !== '*' && part !== own[index]) return false;
    }
    return path.length === 0 || path.length === own.length;
  });
}

/** `execute-api:/STAGE/METHOD/PATH` or the whole ARN; undecided pieces match everything. */
function matches(resource: Node, route: Route): boolean {
  const pattern = partsOf(patternText(resource));
  const [, method, ...path] = pattern ?? [];
  if (method === undefined) return true;
  if (!method.includes('*') && route.method !== 'ANY' && method.toUpperCase() !== route.method) return false;
  if (path.length === 0) return true;
  return pathMatches(path, route.path.split('/').slice(1));
}

/** Stage, method and segments of the path, as far as they are written; undefined for `*` and an ARN without them. */
function partsOf(pattern: string): readonly string[] | undefined {
  const slash = pattern.indexOf('/');
  return slash === -1 ? undefined : pattern.slice(slash + 1).split('/');
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
