import type { ExposedWebAcl, Exposure, ExposureChange } from '../contract/index.ts';

type Change = Omit<ExposureChange, 'project'>;

/** Rules that a web ACL lost or that no longer block. Whether it stands before an API at all shows on the routes. */
export function changesOfWebAcls(then: Exposure, now: Exposure): readonly Change[] {
  const earlier = new Map(then.webAcls.map((acl) => [acl.id, acl]));
  return now.webAcls.flatMap((acl) => {
    const before = earlier.get(acl.id);
    return before ? [...compare(acl, before)] : [];
  });
}

function* compare(acl: ExposedWebAcl, before: ExposedWebAcl): Generator<Change> {
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
  for (const { name, blocks } of before.rules) {
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
  }
}
