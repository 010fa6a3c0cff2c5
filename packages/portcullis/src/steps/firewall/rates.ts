import {
  always,
  entries,
  get,
  type Node,
  type Project,
  textOf,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { matchingOf } from './matching.ts';
import { ownGroupRules } from './overrides.ts';

/** What the web ACL does about senders who come too often. `counts`: it sees them and lets them through. */
export type RateLimit = 'limits' | 'counts' | 'excessive' | 'none' | 'undecided';

const strongest: readonly RateLimit[] = ['limits', 'undecided', 'counts', 'excessive'];

export function rateLimitOf(project: Project, acl: WebAcl): RateLimit {
  const limits = acl.rules.map((rule) => ofRule(project, acl, rule));
  return strongest.find((limit) => limits.includes(limit)) ?? 'none';
}

/** Managed groups that count requests per address or session by themselves (developer guide: their rule listings). */
const volumetric: ReadonlySet<string> = new Set([
  'AWS/AWSManagedRulesAntiDDoSRuleSet',
  'AWS/AWSManagedRulesATPRuleSet',
  'AWS/AWSManagedRulesACFPRuleSet',
]);

function ofRule(project: Project, acl: WebAcl, rule: WebAclRule): RateLimit {
  const { kind, group, node } = rule.statement;
  const counts = always(rule.action, (action) => action === 'count' || action === 'allow');
  switch (kind) {
    case 'rate':
      if (matchingOf(project, acl, rule) === 'none') return 'excessive';
      return counts ? 'counts' : always(rule.action, () => true) ? 'limits' : 'undecided';
    case 'managed-group': {
      // What the groups of vendors hold is not published.
      const limiting = group === undefined || !group.startsWith('AWS/') || volumetric.has(group) || isTargeted(node);
      if (!limiting) return 'none';
      return counts ? 'counts' : group?.startsWith('AWS/') ? 'limits' : 'undecided';
    }
    case 'group': {
      const own = ownGroupRules(project, rule);
      if (!own) return 'undecided';
      const rates = own.filter((entry) => get(get(entry, 'Statement'), 'RateBasedStatement'));
      if (rates.length === 0) return 'none';
      return counts || rates.every((entry) => get(get(entry, 'Action'), 'Count')) ? 'counts' : 'limits';
    }
    default:
      return kind === 'unknown' ? 'undecided' : 'none';
  }
}

/** Bot Control looks at volumes where its inspection level is TARGETED. */
function isTargeted(statement: Node | undefined): boolean {
  const configurations = get(statement, 'ManagedRuleGroupConfigs');
  if (configurations?.kind !== 'list') return false;
  return configurations.items.some((item) =>
    entries(item).some(
      ({ key, value }) => /bot/i.test(key) && textOf(get(value, 'InspectionLevel'))?.toUpperCase() === 'TARGETED',
    ),
  );
}
