import {
  entries,
  get,
  items,
  type Node,
  outcomes,
  type Project,
  sometimes,
  textOf,
  undecided,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { matchingOf } from './matching.ts';

// Allow rules that end the evaluation before something that would have looked at the request. Before rule groups nearly every Allow
// matters, for the groups look at what a request holds; before own Block rules it depends on what those look at.

const stopping: ReadonlySet<string> = new Set(['block', 'captcha', 'challenge']);

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
  const blocks = acl.rules.filter((rule) => sometimes(rule.action, (action) => stopping.has(action)));
  const [first] = blocks;
  if (!first) return [];
  const last = blocks.reduce((one, other) => (highest(other) > highest(one) ? other : one), first);
  return acl.rules.flatMap((rule): EarlyAllow[] => {
    if (!sometimes(rule.action, (action) => action === 'allow') || highest(rule) >= highest(last)) return [];
    return matchingOf(project, acl, rule) === 'all' ? [{ rule, width: 'anyone', skipped: last }] : [];
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

export interface SkippedBlock {
  readonly rule: WebAclRule;
  /** A rule of the project's own behind it that the allowed requests do not meet. */
  readonly skipped: WebAclRule;
  /** `weak`: every sender can be allowed. `trusted`: known senders skip a rule that looks for attacks. */
  readonly weight: 'weak' | 'trusted';
}

/** Allow rules before Block rules of the project's own, where no rule group stands behind them and not every request is meant. */
export function skippedBlocks(project: Project, acl: WebAcl): readonly SkippedBlock[] {
  if (!acl.rules.some(({ action }) => sometimes(action, (value) => value === 'allow'))) return [];
  const early = new Set(earlyAllows(project, acl).map(({ rule }) => rule));
  const last = lastBlocks(project, acl);
  return acl.rules.flatMap((rule): SkippedBlock[] => {
    if (early.has(rule) || !sometimes(rule.action, (action) => action === 'allow')) return [];
    if (matchingOf(project, acl, rule) === 'none') return [];
    const allow = rule.statement.node;
    const behind = (block: WebAclRule | undefined) => (block && highest(block) > highest(rule) ? block : undefined);
    const attack = behind(last.attack);
    const width = widthOf(allow);
    if (width === 'some') return attack ? [{ rule, skipped: attack, weight: 'trusted' }] : [];
    if (width !== 'anyone') return [];
    // A path is let through on purpose, a health check say; a country, a method or a header is anybody's.
    if (names(allow, places)) return [];
    // Countries allowed before countries blocked are two halves of one list.
    const skipped = attack ?? behind(last.other) ?? (names(allow, senders) ? undefined : behind(last.country));
    return skipped ? [{ rule, skipped, weight: 'weak' }] : [];
  });
}

interface LastBlocks {
  /** Looks for attacks in what a request holds. */
  attack?: WebAclRule;
  /** Keeps out countries or networks. */
  country?: WebAclRule;
  /** Keeps out addresses, headers, or who comes too often. */
  other?: WebAclRule;
}

/** Of the project's own rules that stop requests the one with the highest priority of each kind: what is before it skips something. */
function lastBlocks(project: Project, acl: WebAcl): LastBlocks {
  const last: LastBlocks = {};
  for (const rule of acl.rules) {
    if (isGroup(rule) || !sometimes(rule.action, (action) => stopping.has(action))) continue;
    if (matchingOf(project, acl, rule) === 'none') continue;
    const { kind, node } = rule.statement;
    const label = textOf(get(get(node, 'LabelMatchStatement'), 'Key')) ?? '';
    const isCountry = kind !== 'rate' && (names(node, senders) || /:(?:geo|asn):/.test(label));
    const which = names(node, attacks) ? 'attack' : isCountry ? 'country' : 'other';
    const known = last[which];
    if (!known || highest(rule) > highest(known)) last[which] = rule;
  }
  return last;
}

const places: ReadonlySet<string> = new Set(['UriPath']);
const attacks: ReadonlySet<string> = new Set([
  'SqliMatchStatement',
  'XssMatchStatement',
  'SizeConstraintStatement',
  'Body',
  'JsonBody',
  'AllQueryArguments',
  'QueryString',
]);
const senders: ReadonlySet<string> = new Set(['GeoMatchStatement', 'AsnMatchStatement']);

function names(node: Node | undefined, keys: ReadonlySet<string>): boolean {
  if (node?.kind === 'list') return node.items.some((item) => names(item, keys));
  return entries(node).some(({ key, value }) => keys.has(key) || names(value, keys));
}
