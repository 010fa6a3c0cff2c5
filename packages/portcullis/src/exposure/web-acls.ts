import type { ExposedWebAcl, ExposedWebAclRule, Exposure, Limit, ProjectChange } from '../contract/index.ts';

/** Rules that a web ACL lost or that no longer block. Whether it stands before an API at all shows on the routes. */
export function changesOfWebAcls(then: Exposure, now: Exposure): readonly ProjectChange[] {
  const earlier = new Map(then.webAcls.map((acl) => [acl.id, acl]));
  return now.webAcls.flatMap((acl) => {
    const before = earlier.get(acl.id);
    return before ? [...compare(acl, before)] : [];
  });
}

function* compare(acl: ExposedWebAcl, before: ExposedWebAcl): Generator<ProjectChange> {
  const base = { step: 'firewall', subject: acl.id, location: acl.location } as const;
  if (before.defaultAction === 'block' && acl.defaultAction !== 'block')
    yield {
      ...base,
      kind: 'opens',
      change: 'web-acl-allows-by-default',
      severity: 'error',
      message: `makes the web ACL ${acl.name} ${acl.defaultAction === 'allow' ? 'allow' : 'decide only at deployment'} what no rule matches; it blocked that before`,
      before: before.defaultAction,
      after: acl.defaultAction,
    };
  const rules = new Map(acl.rules.map((rule) => [rule.name, rule]));
  for (const was of before.rules) {
    const { name, blocks } = was;
    const rule = rules.get(name);
    if (!rule && blocks !== false)
      yield {
        ...base,
        kind: 'weakens',
        change: 'web-acl-rule-removed',
        severity: 'warning',
        message: `removes the rule ${name} from the web ACL ${acl.name}`,
        before: name,
        after: null,
      };
    if (rule && blocks === true && rule.blocks !== true)
      yield {
        ...base,
        kind: 'weakens',
        change: 'web-acl-rule-disarmed',
        severity: 'warning',
        message: `makes the rule ${name} of the web ACL ${acl.name} ${rule.blocks === false ? 'count or allow instead of block' : 'act as decided at deployment'}`,
        before: 'blocks',
        after: rule.blocks === false ? 'does not block' : 'undecided',
      };
    const less = rule && blocks !== false && rule.blocks !== false ? lessOf(rule, was) : undefined;
    if (less)
      yield {
        ...base,
        kind: 'weakens',
        change: 'web-acl-rule-narrowed',
        severity: 'warning',
        message: `makes the rule ${name} of the web ACL ${acl.name} ${less.what}`,
        before: less.before,
        after: less.after,
      };
  }
}

interface Less {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a rule of the same name refuses no longer. A statement that only matches otherwise is not judged: it may match more. */
function lessOf(rule: ExposedWebAclRule, was: ExposedWebAclRule): Less | undefined {
  if (was.group !== null && rule.group !== was.group)
    return { what: `no longer apply the group ${was.group}`, before: was.group, after: rule.group };
  if (isHigher(rule.limit, was.limit)) {
    const [before, after] = [rateText(was.limit), rateText(rule.limit)];
    return { what: `refuse later: ${after} instead of ${before}`, before, after };
  }
  if (rule.scoped && !was.scoped)
    return { what: 'look only at a part of the requests', before: 'all requests', after: 'a scope-down statement' };
  const fresh = rule.disarmed.filter((name) => !was.disarmed.includes(name));
  if (fresh.length === 0) return undefined;
  const named = `${fresh.slice(0, 3).join(', ')}${fresh.length > 3 ? ` and ${fresh.length - 3} more` : ''}`;
  return { what: `count or allow what ${named} refused`, before: null, after: named };
}

function isHigher(is: Limit, was: Limit): boolean {
  return typeof was === 'number' && (is === 'undecided' || is === null || is > was);
}

const rateText = (limit: Limit) =>
  typeof limit === 'number' ? `after ${limit} requests in five minutes` : 'after a number that the files do not decide';
