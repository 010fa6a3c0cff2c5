import { type Fact, type Node, outcomes, type PolicyStatement, possibilities, textOf } from '../../project/index.ts';

const wildcard = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replaceAll(/\*+/g, '*')
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );

/** Whether an action pattern of a policy (`ssm:Get*`) covers the action. Patterns of unusual length cover nothing decidable. */
function covers(pattern: string, action: string): boolean {
  const fixed = pattern.search(/[*?]/);
  // Nearly all actions are written out, and most of the others belong to another service.
  if (fixed === -1) return pattern.length === action.length && pattern.toLowerCase() === action.toLowerCase();
  if (pattern.slice(0, fixed).toLowerCase() !== action.slice(0, fixed).toLowerCase()) return false;
  return pattern.length <= 128 && pattern.split('*').length <= 8 && wildcard(pattern).test(action);
}

function decided(facts: readonly Fact<string>[]): readonly string[] {
  return facts.flatMap((fact) =>
    outcomes(fact).flatMap((outcome) => (outcome.kind === 'known' ? [outcome.value] : [])),
  );
}

/** Those of the actions that the statement allows on what it names. Empty for Deny and for what the files do not decide. */
export function allowed(statement: PolicyStatement, actions: readonly string[]): readonly string[] {
  if (!outcomes(statement.effect).some((outcome) => outcome.kind === 'known' && outcome.value === 'Allow')) return [];
  const patterns = decided(statement.actions);
  const spared = decided(statement.notActions);
  return actions.filter((action) =>
    statement.actions.length > 0
      ? patterns.some((pattern) => covers(pattern, action))
      : spared.length > 0 && !spared.some((pattern) => covers(pattern, action)),
  );
}

/** True when the statement allows every action of every service: an administrator, whatever else it may read. */
export function allowsEverything(statement: PolicyStatement): boolean {
  return decided(statement.actions).includes('*');
}

/**
 * True when one of the resources stands for all of a kind: `*`, or an ARN whose resource part is `kind*`, `kind/*`, `kind:*`.
 * Pieces that are known when it is deployed (region, account) count as one.
 */
export function namesEvery(statement: PolicyStatement, service: string, kinds: readonly string[]): Node | undefined {
  // Allow with NotResource reaches everything but a list.
  const [spared] = statement.notResources;
  if (spared) return spared;
  for (const resource of statement.resources) {
    for (const node of possibilities(resource)) {
      const text = patternOf(node);
      if (text !== undefined && isEvery(text, service, kinds)) return resource;
    }
  }
  return undefined;
}

function patternOf(node: Node): string | undefined {
  if (node.kind === 'text') return node.parts.map((part) => (typeof part === 'string' ? part : '?')).join('');
  return textOf(node);
}

function isEvery(text: string, service: string, kinds: readonly string[]): boolean {
  if (/^\*+$/.test(text)) return true;
  const [prefix = '', , of = '', ...rest] = text.split(':');
  if (prefix !== 'arn') return /^arn:?\*+$/.test(text);
  if (of === '*' && rest.length === 0) return true;
  if (!covers(of, service) && of !== '?') return false;
  const name = rest.slice(2).join(':');
  if (rest.length === 1 && rest[0] === '*') return true;
  return kinds.some((kind) => [`${kind}*`, `${kind}/*`, `${kind}:*`, `${kind}/**`, '*'].includes(name));
}
