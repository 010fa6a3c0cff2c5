import type { GateState } from '../../contract/index.ts';
import {
  always,
  get,
  items,
  type Node,
  outcomes,
  type Project,
  possibilities,
  sometimes,
  textOf,
  undecided,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { matchingOf } from './matching.ts';

// What a web ACL does with a request, by its own words. Rules run from the lowest priority up; Allow and Block end the
// evaluation, Count never does, CAPTCHA and Challenge do without a valid token (developer guide: "Using rule actions").

/**
 * `empty`: no rule at all. `counts`: every rule only counts, allows or can match nothing. `limits`: nothing is refused for what it
 * holds, only for how often it comes (rate rules). `stops`: some request can be refused.
 */
export type Effect = 'empty' | 'counts' | 'limits' | 'stops' | 'undecided';

const stopping: ReadonlySet<string> = new Set(['block', 'captcha', 'challenge']);

export function effectOf(project: Project, acl: WebAcl): Effect {
  if (always(acl.defaultAction, (action) => action === 'block')) return 'stops';
  const effects = acl.rules.map((rule) => ruleEffect(project, acl, rule));
  if (effects.includes('stops')) return 'stops';
  if (effects.includes('undecided') || !always(acl.defaultAction, (action) => action === 'allow')) return 'undecided';
  if (effects.includes('limits')) return 'limits';
  return effects.length === 0 ? 'empty' : 'counts';
}

function ruleEffect(project: Project, acl: WebAcl, rule: WebAclRule): 'counts' | 'limits' | 'stops' | 'undecided' {
  if (matchingOf(project, acl, rule) === 'none') return 'counts';
  // A puzzle for fast callers keeps programs out; refusing them for a while only slows them down.
  if (rule.statement.kind === 'rate' && always(rule.action, (action) => action === 'block')) return 'limits';
  if (always(rule.action, (action) => stopping.has(action))) return 'stops';
  if (always(rule.action, (action) => action === 'none')) return groupEffect(project, rule);
  if (always(rule.action, (action) => action === 'count' || action === 'allow')) return 'counts';
  return 'undecided';
}

/** A rule group acts by its own rules. Those of a group of this project are read; a managed group is taken to block. */
function groupEffect(project: Project, rule: WebAclRule): 'counts' | 'stops' | 'undecided' {
  if (rule.statement.kind !== 'group') return rule.statement.kind === 'managed-group' ? 'stops' : 'undecided';
  const arn = get(get(rule.statement.node, 'RuleGroupReferenceStatement') ?? rule.statement.node, 'Arn');
  const [target] = arn ? possibilities(arn) : [];
  const group = target?.kind === 'reference' ? project.resources.get(target.id) : undefined;
  if (!group) return 'stops';
  const rules = get(group.properties, 'Rules');
  if (rules && rules.kind !== 'list') return 'undecided';
  const counting = items(rules).every((entry) => {
    const action = get(entry, 'Action');
    return get(action, 'Count') !== undefined || get(action, 'Allow') !== undefined;
  });
  return counting ? 'counts' : 'stops';
}

export type AllowWidth =
  /** Whoever sends the request chooses whether it matches: an address, a header, a country through a proxy. */
  | 'anyone'
  /** Known senders, or requests that an earlier rule has marked. */
  | 'some'
  | 'undecided';

export interface EarlyAllow {
  readonly rule: WebAclRule;
  readonly width: AllowWidth;
  /** A rule group that the allowed requests skip. */
  readonly skipped: WebAclRule;
}

/** Allow rules that end the evaluation before a rule group that acts, or, for every request there is, before any rule that acts. */
export function earlyAllows(project: Project, acl: WebAcl): readonly EarlyAllow[] {
  return [...beforeGroups(acl), ...beforeEverything(project, acl)];
}

/** An Allow that matches every request: no rule behind it runs. Those before groups are found as such. */
function beforeEverything(project: Project, acl: WebAcl): readonly EarlyAllow[] {
  if (acl.rules.some((rule) => isGroup(rule) && sometimes(rule.action, (action) => action === 'none'))) return [];
  return acl.rules.flatMap((rule): EarlyAllow[] => {
    if (!sometimes(rule.action, (action) => action === 'allow')) return [];
    if (matchingOf(project, acl, rule) !== 'all') return [];
    const skipped = acl.rules.find(
      (other) => highest(other) > highest(rule) && sometimes(other.action, (action) => stopping.has(action)),
    );
    return skipped ? [{ rule, width: 'anyone', skipped }] : [];
  });
}

const isGroup = ({ statement }: WebAclRule) => statement.kind === 'managed-group' || statement.kind === 'group';

function beforeGroups(acl: WebAcl): readonly EarlyAllow[] {
  const groups = acl.rules.filter((rule) => isGroup(rule) && sometimes(rule.action, (action) => action === 'none'));
  const [first] = groups;
  if (!first) return [];
  // What is not before the last group is before none.
  const last = groups.reduce((one, other) => (highest(other) > highest(one) ? other : one));
  const floating = groups.find((group) => undecided(group.priority).length > 0);
  return acl.rules.flatMap((rule): EarlyAllow[] => {
    if (!sometimes(rule.action, (action) => action === 'allow')) return [];
    if (undecided(rule.priority).length > 0) return [{ rule, width: 'undecided', skipped: first }];
    if (sometimes(rule.priority, (priority) => priority < highest(last)))
      return [{ rule, width: widthOf(rule.statement.node), skipped: last }];
    return floating ? [{ rule, width: 'undecided', skipped: floating }] : [];
  });
}

/** The highest decided priority that a rule may have; -Infinity when none is decided. */
function highest(rule: WebAclRule): number {
  return Math.max(
    Number.NEGATIVE_INFINITY,
    ...outcomes(rule.priority).map((priority) =>
      priority.kind === 'known' ? priority.value : Number.NEGATIVE_INFINITY,
    ),
  );
}

// Headers that carry a shared secret by their name; a match on any other header is the sender's own choice.
const secretHeader = /secret|token|authorization|signature|verify|api-?key/i;

/** How many senders can make a statement match. An And needs all of its parts, an Or one of them. */
export function widthOf(statement: Node | undefined): AllowWidth {
  if (statement?.kind !== 'map') return 'undecided';
  const [only] = statement.entries;
  if (!only) return 'undecided';
  const parts = items(get(only.value, 'Statements')).map(widthOf);
  switch (only.key) {
    case 'AndStatement':
      return parts.includes('some') ? 'some' : parts.includes('undecided') ? 'undecided' : 'anyone';
    case 'OrStatement':
      return parts.includes('anyone') ? 'anyone' : parts.includes('undecided') ? 'undecided' : 'some';
    case 'IPSetReferenceStatement':
    case 'LabelMatchStatement':
    case 'AsnMatchStatement':
      return forwardedAddress(only.value) ? 'anyone' : 'some';
    case 'ByteMatchStatement':
    case 'RegexMatchStatement':
    case 'RegexPatternSetReferenceStatement':
      return secretHeader.test(textOf(get(get(get(only.value, 'FieldToMatch'), 'SingleHeader'), 'Name')) ?? '')
        ? 'some'
        : 'anyone';
    case 'NotStatement':
    case 'GeoMatchStatement':
    case 'SizeConstraintStatement':
    case 'SqliMatchStatement':
    case 'XssMatchStatement':
      return 'anyone';
    default:
      return 'undecided';
  }
}

/** An address from a header that the sender writes, unless a trusted proxy overwrites it. */
function forwardedAddress(statement: Node): boolean {
  return (get(statement, 'IPSetForwardedIPConfig') ?? get(statement, 'ForwardedIPConfig')) !== undefined;
}

/** How the gate stands behind this web ACL. */
export function aclState(project: Project, acl: WebAcl): GateState {
  if (acl.generation === 'classic') return 'half-open';
  const effect = effectOf(project, acl);
  if (effect === 'empty') return 'open';
  const widths = earlyAllows(project, acl).map((allow) => allow.width);
  if (widths.includes('anyone')) return 'open';
  if (effect === 'undecided' || widths.includes('undecided')) return 'unknown';
  return effect === 'counts' || effect === 'limits' || widths.includes('some') ? 'half-open' : 'closed';
}
