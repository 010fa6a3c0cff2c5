import {
  entries,
  type Fact,
  get,
  items,
  known,
  type Node,
  possibilities,
  type Resource,
  stringOf,
  textOf,
  unknown,
  type WebAcl,
  type WebAclLogging,
  type WebAclRule,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { choiceFact, describe, eitherOr, isNull, numberFact, optional, textFact, undecidedReason } from './facts.ts';
import { nameOf } from './names.ts';
import { loggingByAcl, loggingOf, watchingOf } from './waf-logging.ts';

type Action = 'allow' | 'block' | 'count' | 'captcha' | 'challenge' | 'none';

export function buildWebAcls(context: BuildContext): readonly WebAcl[] {
  const current = context.ofType('AWS::WAFv2::WebACL');
  const logging = current.length > 0 ? loggingByAcl(context) : new Map<string, WebAclLogging>();
  return [
    ...current.map((resource) => latest(resource, logging)),
    ...context.ofType('AWS::WAFRegional::WebACL').map((resource) => classic(resource, 'REGIONAL')),
    ...context.ofType('AWS::WAF::WebACL').map((resource) => classic(resource, 'CLOUDFRONT')),
  ];
}

function latest({ id, span, properties }: Resource, logging: ReadonlyMap<string, WebAclLogging>): WebAcl {
  const scope = get(properties, 'Scope');
  const action = get(properties, 'DefaultAction');
  return {
    id,
    name: nameOf(get(properties, 'Name')),
    span,
    generation: 'v2',
    scope: scope ? choiceFact(scope, ['REGIONAL', 'CLOUDFRONT']) : unknown('has no Scope', span),
    defaultAction: action ? actionFact(action, ['allow', 'block']) : unknown('has no DefaultAction', span),
    rules: ruleNodes(get(properties, 'Rules')).map(({ node, condition }) => inBranch(rule(node), condition)),
    ...watchingOf(properties, loggingOf(logging, id, optional(get(properties, 'Name'), textFact))),
  };
}

/** `{Allow: {}}`, the form of WAFv2: the key is the action. */
function actionFact<T extends Action>(node: Node, choices: readonly T[]): Fact<T> {
  return eitherOr<T>(node, (value) => {
    if (value.kind !== 'map') {
      const written = textOf(value)?.toLowerCase();
      const choice = choices.find((candidate) => candidate === written);
      return choice === undefined ? unknown(undecidedReason(value), value.span) : known(choice, value.span);
    }
    for (const { key } of entries(value)) {
      const choice = choices.find((candidate) => candidate === key.toLowerCase());
      if (choice !== undefined) return known(choice, value.span);
    }
    return unknown('names no action that is read', value.span);
  });
}

interface RuleNode {
  readonly node: Node;
  /** The condition that may leave the rule out: one branch of `Fn::If` has it. */
  readonly condition: string | undefined;
}

function ruleNodes(rules: Node | undefined): readonly RuleNode[] {
  if (!rules) return [];
  const [lists, condition] = branchesOf(rules);
  return lists
    .flatMap(items)
    .flatMap((item): RuleNode[] => {
      const [nodes, own] = branchesOf(item);
      return nodes.map((node) => ({ node, condition: own ?? condition }));
    })
    .filter(({ node }) => !isNull(node));
}

/** All values, and the condition when one of its branches holds nothing: with it there is no rule at all. */
function branchesOf(node: Node): readonly [readonly Node[], string | undefined] {
  const values = possibilities(node);
  const bare = values.some((value) => isNull(value) || (value.kind === 'list' && value.items.length === 0));
  return [values, node.kind === 'either' && bare ? node.condition : undefined];
}

/** A rule that is in one branch only acts for certain in that one. */
function inBranch(read: WebAclRule, condition: string | undefined): WebAclRule {
  if (condition === undefined) return read;
  const missing = unknown(`is there only in one branch of ${condition}`, read.span);
  return { ...read, action: { kind: 'either', condition, options: [read.action, missing] } };
}

function rule(node: Node): WebAclRule {
  const { span } = node;
  const priority = get(node, 'Priority');
  return {
    name: nameOf(get(node, 'Name')),
    span,
    priority: priority ? numberFact(priority) : unknown('has no priority', span),
    action: ruleAction(node),
    statement: statementOf(get(node, 'Statement')),
    ...(get(node, 'RuleLabels') ? { labels: true } : {}),
  };
}

const actions: readonly Action[] = ['allow', 'block', 'count', 'captcha', 'challenge', 'none'];

/** A rule has `Action`, a rule group in its place `OverrideAction`: `None` lets the group's rules act, `Count` does not. */
function ruleAction(node: Node): Fact<Action> {
  const action = get(node, 'Action');
  if (action && !isNull(action)) return actionFact(action, actions);
  const override = get(node, 'OverrideAction');
  if (override && !isNull(override)) return actionFact(override, actions);
  return node.kind === 'unknown' ? unknown(node.reason, node.span) : unknown('has no action', node.span);
}

function statementOf(node: Node | undefined): WebAclRule['statement'] {
  const [statement] = node ? possibilities(node) : [];
  if (statement?.kind !== 'map') return { kind: 'unknown', group: undefined, node: statement };
  const [first] = entries(statement);
  if (!first) return { kind: 'unknown', group: undefined, node: statement };
  switch (first.key) {
    case 'ManagedRuleGroupStatement': {
      const vendor = get(first.value, 'VendorName');
      const name = get(first.value, 'Name');
      const group = name ? `${vendor ? describe(vendor) : '?'}/${describe(name)}` : undefined;
      return { kind: 'managed-group', group, node: first.value };
    }
    case 'RuleGroupReferenceStatement': {
      const arn = get(first.value, 'Arn');
      return { kind: 'group', group: arn && describe(arn), node: first.value };
    }
    case 'RateBasedStatement':
      return { kind: 'rate', group: undefined, node: first.value };
    default:
      return { kind: 'other', group: undefined, node: statement };
  }
}

/** AWS WAF Classic: `{Type: BLOCK}` for actions, rules by id. */
function classic({ id, span, properties }: Resource, scope: 'REGIONAL' | 'CLOUDFRONT'): WebAcl {
  const action = get(get(properties, 'DefaultAction'), 'Type');
  return {
    id,
    name: nameOf(get(properties, 'Name')),
    span,
    generation: 'classic',
    scope: known(scope),
    defaultAction: action ? actionFact(action, ['allow', 'block']) : unknown('has no DefaultAction', span),
    rules: ruleNodes(get(properties, 'Rules')).map(({ node }) => {
      const priority = get(node, 'Priority');
      const type = get(get(node, 'Action') ?? get(node, 'OverrideAction'), 'Type');
      return {
        name: stringOf(get(node, 'Name')),
        span: node.span,
        priority: priority ? numberFact(priority) : unknown('has no priority', node.span),
        action: type ? actionFact(type, actions) : unknown('has no action', node.span),
        statement: { kind: 'unknown', group: undefined, node: get(node, 'RuleId') },
      };
    }),
  };
}
