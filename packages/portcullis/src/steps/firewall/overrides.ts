import {
  entries,
  get,
  type Node,
  type Project,
  possibilities,
  references,
  textOf,
  type WebAclRule,
} from '../../project/index.ts';
import { rulesOf } from './managed-groups.ts';

// Rules of a group whose action the web ACL changes by name (developer guide: "Overriding rule group actions in AWS WAF").

/** Names of the rules in a group that only count or allow because the web ACL says so, in every branch of a condition. */
export function disarmedRules(rule: WebAclRule): ReadonlySet<string> {
  const statement = rule.statement.node;
  return new Set([
    ...listed(get(statement, 'ExcludedRules')).flatMap((entry) => textOf(get(entry, 'Name')) ?? []),
    ...listed(get(statement, 'RuleActionOverrides')).flatMap((entry) => {
      const action = get(entry, 'ActionToUse');
      const harmless = entries(action).some(({ key }) => /^(?:count|allow)$/i.test(key));
      return harmless ? (textOf(get(entry, 'Name')) ?? []) : [];
    }),
  ]);
}

/** Only what stands there whatever the conditions are: an override in one branch leaves the rule armed in the other. */
function listed(node: Node | undefined): readonly Node[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => (item.kind === 'either' ? [] : [item]));
  return node?.kind === 'map' ? [node] : [];
}

/** True when every rule of a managed group that blocks is overridden to Count or Allow. */
export function isDisarmed(rule: WebAclRule): boolean {
  const names = rule.statement.group === undefined ? undefined : rulesOf(rule.statement.group);
  if (!names) return false;
  const disarmed = disarmedRules(rule);
  return disarmed.size > 0 && names.every((name) => disarmed.has(name));
}

/** Rules of a group that this project makes, as written; undefined when the group lies elsewhere or its rules are not decided. */
export function ownGroupRules(project: Project, rule: WebAclRule): readonly Node[] | undefined {
  const arn = get(rule.statement.node, 'Arn');
  const [id] = arn ? references(arn) : [];
  const group = id === undefined ? undefined : project.resources.get(id);
  if (group?.type !== 'AWS::WAFv2::RuleGroup') return undefined;
  const rules = get(group.properties, 'Rules');
  if (!rules) return [];
  const lists = possibilities(rules);
  return lists.every((list) => list.kind === 'list')
    ? lists.flatMap((list) => (list.kind === 'list' ? list.items.flatMap(possibilities) : []))
    : undefined;
}
