import {
  always,
  entries,
  get,
  items,
  type Node,
  outcomes,
  type Project,
  possibilities,
  sometimes,
  textOf,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { lookup } from './lookup.ts';
import { bodySizeRule, rulesOf } from './managed-groups.ts';
import { disarmedRules, ownGroupRules } from './overrides.ts';

// AWS WAF hands its rules the first 8 KB (load balancer) or 16 KB (API Gateway; up to 64 KB) of a body and delivers all of it. Every
// managed rule, and an own rule unless it says otherwise, goes on with what it sees (`OversizeHandling: CONTINUE`): what comes later is
// delivered without a look, unless some rule refuses large bodies (developer guide: "Oversize web request components in AWS WAF").

export interface BodyGap {
  /** `overridden`: the group's size rule only counts. `blind`: a size rule of the project's own cannot match. `none`: there is none. */
  readonly kind: 'overridden' | 'blind' | 'none';
  /** The rule to mend, or that inspects bodies. */
  readonly rule: WebAclRule;
}

/** How large bodies get past the rules of the web ACL that inspect bodies; undefined when they do not, or it is not decided. */
export function bodyGap(project: Project, acl: WebAcl): BodyGap | undefined {
  if (acl.generation !== 'v2' || !always(acl.defaultAction, (action) => action === 'allow')) return undefined;
  const rules = acl.rules.map((rule) => ({ rule, role: roleOf(project, acl, rule) }));
  if (rules.some(({ role }) => role === 'refuses' || role === 'undecided')) return undefined;
  const inspecting = rules.find(({ role }) => role === 'inspects' || role === 'overridden');
  if (!inspecting) return undefined;
  const overridden = rules.find(({ role }) => role === 'overridden');
  if (overridden) return { kind: 'overridden', rule: overridden.rule };
  const blind = rules.find(({ role }) => role === 'blind');
  return blind ? { kind: 'blind', rule: blind.rule } : { kind: 'none', rule: inspecting.rule };
}

/** What a rule does about bodies: refuses large ones, inspects what it sees of them, or nothing. */
type Role = 'refuses' | 'blind' | 'overridden' | 'inspects' | 'nothing' | 'undecided';

function roleOf(project: Project, acl: WebAcl, rule: WebAclRule): Role {
  const { kind, group, node } = rule.statement;
  if (always(rule.action, (action) => action === 'count' || action === 'allow')) return 'nothing';
  if (kind === 'rate') return 'nothing';
  if (kind === 'unknown') return 'undecided';
  if (kind === 'other') return statementRole(node, limitOf(project, acl));
  if (kind === 'managed-group') {
    const names = group === undefined ? undefined : rulesOf(group);
    // What a vendor's group does with large bodies is not published; those of AWS without names here look at senders.
    if (!names) return group?.startsWith('AWS/') ? 'nothing' : 'undecided';
    const disarmed = disarmedRules(rule);
    if (names.includes(bodySizeRule) && !disarmed.has(bodySizeRule)) return 'refuses';
    const inspects = names.some((name) => name.endsWith('_BODY') && !disarmed.has(name));
    return inspects ? (names.includes(bodySizeRule) ? 'overridden' : 'inspects') : 'nothing';
  }
  const own = ownGroupRules(project, rule);
  if (!own) return 'undecided';
  const roles = own
    .filter((entry) => entries(get(entry, 'Action')).some(({ key }) => /^(?:block|captcha|challenge)$/i.test(key)))
    .map((entry) => statementRole(get(entry, 'Statement'), limitOf(project, acl)));
  return strongest.find((role) => roles.includes(role)) ?? 'nothing';
}

const strongest: readonly Role[] = ['refuses', 'undecided', 'blind', 'overridden', 'inspects', 'nothing'];

/** Of several parts the strongest counts: a size rule with an exception for uploads is a decision. */
function statementRole(statement: Node | undefined, limit: number): Role {
  const [only] = statement ? possibilities(statement) : [];
  if (only?.kind !== 'map') return 'undecided';
  const [first] = only.entries;
  if (!first) return 'undecided';
  const { key, value } = first;
  if (key === 'LabelMatchStatement') return /body/i.test(textOf(get(value, 'Key')) ?? 'body') ? 'refuses' : 'nothing';
  if (key === 'NotStatement') return sizeRole(get(value, 'Statement'), limit, opposite) ?? 'nothing';
  const parts = items(get(value, 'Statements')).map((part) => statementRole(part, limit));
  if (parts.length > 0) return strongest.find((role) => parts.includes(role)) ?? 'nothing';
  return sizeRole(only, limit, (operator) => operator) ?? fieldRole(value);
}

const opposites: Readonly<Record<string, string>> = { LE: 'GT', LT: 'GE', EQ: 'NE', GT: 'LE', GE: 'LT', NE: 'EQ' };
const opposite = (operator: string) => opposites[operator] ?? operator;

/** A comparison of a body's length, or of what the Content-Length header says of it; undefined for other statements. */
function sizeRole(statement: Node | undefined, limit: number, change: (operator: string) => string): Role | undefined {
  const constraint = get(statement, 'SizeConstraintStatement');
  const field = get(constraint, 'FieldToMatch');
  const body = get(field, 'Body') ?? get(field, 'JsonBody');
  if (!constraint || !body) return undefined;
  const operator = change((textOf(get(constraint, 'ComparisonOperator')) ?? '').toUpperCase());
  if (operator === 'LT' || operator === 'LE' || operator === 'EQ') return 'nothing';
  const handling = textOf(get(body, 'OversizeHandling')) ?? 'CONTINUE';
  const negated = change('LE') !== 'LE';
  if (handling === (negated ? 'NO_MATCH' : 'MATCH')) return 'refuses';
  const size = Number(textOf(get(constraint, 'Size')) ?? 'NaN');
  if (Number.isNaN(size)) return 'undecided';
  // The length that it compares is never more than what it sees.
  const largest = operator === 'GE' ? limit : limit - 1;
  return handling === 'CONTINUE' && size <= largest ? 'refuses' : 'blind';
}

function fieldRole(value: Node): Role {
  const field = get(value, 'FieldToMatch');
  const body = get(field, 'Body') ?? get(field, 'JsonBody');
  if (body) return textOf(get(body, 'OversizeHandling')) === 'MATCH' ? 'refuses' : 'inspects';
  const header = textOf(get(get(field, 'SingleHeader'), 'Name'))?.toLowerCase();
  return header === 'content-length' ? 'refuses' : 'nothing';
}

const loadBalancerLimit = 8_192;

/** Bytes that the rules see. The largest that is possible, so that no size rule is called blind that is not. */
export function limitOf(project: Project, acl: WebAcl): number {
  const guarded = project.webAclAssociations.filter(({ webAcl }) =>
    sometimes(webAcl, (link) => (link.kind === 'local' ? link.id === acl.id : link.name === acl.name)),
  );
  const { balancers } = lookup(project);
  const onlyBalancers =
    guarded.length > 0 &&
    guarded.every(({ target }) => always(target, (value) => value.kind === 'load-balancer' && balancers.has(value.id)));
  if (onlyBalancers) return loadBalancerLimit;
  const limits = acl.bodyLimit ? outcomes(acl.bodyLimit) : [];
  return Math.max(16_384, ...limits.map((limit) => (limit.kind === 'known' ? limit.value : 65_536)));
}
