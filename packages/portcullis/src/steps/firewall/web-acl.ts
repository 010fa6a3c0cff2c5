import type { GateState } from '../../contract/index.ts';
import {
  always,
  entries,
  get,
  type Project,
  references,
  textOf,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { bodyGap } from './body-inspection.ts';
import { earlyAllows, skippedBlocks } from './early-allow.ts';
import { matchingOf } from './matching.ts';
import { disarmedRules, isDisarmed, ownGroupRules } from './overrides.ts';

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

/** A rule group acts by its own rules. Those of a group of this project are read; a managed group blocks unless each of its rules is overridden. */
function groupEffect(project: Project, rule: WebAclRule): 'counts' | 'stops' | 'undecided' {
  if (rule.statement.kind === 'managed-group') return isDisarmed(rule) ? 'counts' : 'stops';
  if (rule.statement.kind !== 'group') return 'undecided';
  const own = ownGroupRules(project, rule);
  if (!own) return groupIsMadeHere(project, rule) ? 'undecided' : 'stops';
  const disarmed = disarmedRules(rule);
  const counting = own.every((entry) => {
    const actions = entries(get(entry, 'Action')).map(({ key }) => key.toLowerCase());
    return actions.includes('count') || actions.includes('allow') || disarmed.has(textOf(get(entry, 'Name')) ?? '');
  });
  return counting ? 'counts' : 'stops';
}

function groupIsMadeHere(project: Project, rule: WebAclRule): boolean {
  const arn = get(rule.statement.node, 'Arn');
  return arn !== undefined && [...references(arn)].some((id) => project.resources.has(id));
}

/** How the gate stands behind this web ACL. */
export function aclState(project: Project, acl: WebAcl): GateState {
  if (acl.generation === 'classic') return 'half-open';
  const effect = effectOf(project, acl);
  if (effect === 'empty') return 'open';
  const widths = earlyAllows(project, acl).map((allow) => allow.width);
  if (widths.includes('anyone')) return 'open';
  if (effect === 'undecided' || widths.includes('undecided')) return 'unknown';
  if (effect === 'counts' || effect === 'limits' || widths.includes('some')) return 'half-open';
  const gap = bodyGap(project, acl);
  const leaks = (gap && gap.kind !== 'none') || skippedBlocks(project, acl).some(({ weight }) => weight === 'weak');
  return leaks ? 'half-open' : 'closed';
}
